#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "analysis/store/store.hpp"
#include "analysis/store/untrusted.hpp"

namespace deadair::store {

/// A prepared statement, bound from left to right and stepped row by row.
class statement {
public:
    explicit statement(sqlite3_stmt* prepared, const class connection_to_file& of)
        : prepared_{prepared}, of_{of}
    {
    }
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    statement& bind(std::int64_t value);
    statement& bind(double value);
    statement& bind(std::string_view value);
    statement& bind_null();
    template <class T>
    statement& bind(const std::optional<T>& value)
    {
        return value ? bind(*value) : bind_null();
    }
    /// What another statement's row holds, of whatever type.
    statement& bind_column(const statement& row, int column);
    statement& bind(nanoseconds value) { return bind(to_seconds(value)); }

    /// @return true if there is a row. @throws store_error
    bool step();
    void run();

    bool is_null(int column) const;
    bool is_integer(int column) const;
    bool is_real(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    /// The same for a figure that others reckon with: none is beyond 10^15, or no number at all.
    double figure(int column) const;
    std::string text(int column) const;
    /// A length of time, stored in seconds or in this share of one. What no run can last is taken
    /// for the longest time: a word of the far end must not make a file unreadable.
    nanoseconds time(int column, double unit_s = 1) const;
    std::optional<nanoseconds> optional_time(int column) const;

private:
    void check(int result) const;

    sqlite3_stmt* prepared_;
    const class connection_to_file& of_;
    int bound_{};
};

/// An open SQLite file; statements are prepared once and kept.
class connection_to_file {
public:
    connection_to_file(const std::filesystem::path& file, int flags);

    void execute(const char* sql);
    statement prepare(std::string_view sql);
    std::int64_t last_row() const { return sqlite3_last_insert_rowid(file_.get()); }
    int changes() const { return sqlite3_changes(file_.get()); }
    int pragma(const char* sql);
    sqlite3* raw() { return file_.get(); }
    bool writable() const { return sqlite3_db_readonly(file_.get(), "main") == 0; }

    [[noreturn]] void fail(int code) const;
    [[noreturn]] void refuse(const std::string& text) const;

private:
    struct close {
        void operator()(sqlite3* file) const { sqlite3_close_v2(file); }
    };
    struct finalize {
        void operator()(sqlite3_stmt* one) const { sqlite3_finalize(one); }
    };

    std::filesystem::path path_;
    std::unique_ptr<sqlite3, close> file_;
    std::unique_ptr<step_limit> steps_;
    struct hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, finalize>, hash, std::equal_to<>>
        prepared_;
};

/// Rolls back unless committed. Writers wait for each other at its beginning. Within another it is
/// a part of that.
class transaction {
public:
    explicit transaction(connection_to_file& in);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    void commit();

private:
    connection_to_file& in_;
    bool open_;
};

}  // namespace deadair::store
