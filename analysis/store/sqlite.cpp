#include "analysis/store/sqlite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/store/loop_thread.hpp"

namespace deadair::store {

namespace {

// Ten years: nothing that was measured lasts longer, and sums of it stay exact.
constexpr double longest_time_s = 10 * 366 * 86400.0;
// A petabyte, or thirty years in microseconds.
constexpr double largest_figure = 1e15;

// How long a writer waits for another before it says that the file is locked.
constexpr int busy_timeout_ms = 5000;

bool is_user_s(int code)
{
    switch (code & 0xff) {
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PERM:
            return true;
        default:
            return false;
    }
}

// What may go by without anybody touching the file: another program's lock, a full disk.
bool passes(int code)
{
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return true;
        default:
            return false;
    }
}

struct explanation {
    std::string what;
    std::string way_out;
};

explanation explain(int code, const std::string& file, const char* sqlite_says)
{
    switch (code & 0xff) {
        case SQLITE_CANTOPEN:
            return {fmt::format("the database {} cannot be opened", file),
                    "does its folder exist, and may you write there?"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {fmt::format("the database {} is read-only", file),
                    "make it writable or name another with --db"};
        case SQLITE_CORRUPT:
            return {fmt::format("the database {} is damaged", file),
                    "move it away and name another with --db"};
        case SQLITE_NOTADB:
            return {fmt::format("{} is not a SQLite database", file),
                    "name another file with --db"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {fmt::format("the database {} is locked by another program", file),
                    "wait for it, or name another file with --db"};
        case SQLITE_FULL:
            return {fmt::format("the disk is full: {} cannot grow", file),
                    "free some space and run again"};
        default:
            return {fmt::format("the database {} failed: {}", file, sqlite_says), ""};
    }
}

}  // namespace

statement::~statement()
{
    sqlite3_reset(prepared_);
    sqlite3_clear_bindings(prepared_);
}

statement& statement::bind(std::int64_t value)
{
    check(sqlite3_bind_int64(prepared_, ++bound_, value));
    return *this;
}

statement& statement::bind(double value)
{
    check(sqlite3_bind_double(prepared_, ++bound_, value));
    return *this;
}

statement& statement::bind(std::string_view value)
{
    check(sqlite3_bind_text(prepared_, ++bound_, value.data(), static_cast<int>(value.size()),
                            SQLITE_TRANSIENT));
    return *this;
}

statement& statement::bind_null()
{
    check(sqlite3_bind_null(prepared_, ++bound_));
    return *this;
}

statement& statement::bind_column(const statement& row, int column)
{
    check(sqlite3_bind_value(prepared_, ++bound_, sqlite3_column_value(row.prepared_, column)));
    return *this;
}

void statement::check(int result) const
{
    if (result != SQLITE_OK)
        of_.fail(result);
}

bool statement::step()
{
    loop_thread::refuse_to_wait();
    const int result = sqlite3_step(prepared_);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        of_.fail(result);
    return result == SQLITE_ROW;
}

void statement::run()
{
    while (step()) {
    }
}

bool statement::is_null(int column) const
{
    return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

bool statement::is_integer(int column) const
{
    return sqlite3_column_type(prepared_, column) == SQLITE_INTEGER;
}

bool statement::is_real(int column) const
{
    return sqlite3_column_type(prepared_, column) == SQLITE_FLOAT;
}

std::int64_t statement::integer(int column) const
{
    return sqlite3_column_int64(prepared_, column);
}

double statement::real(int column) const
{
    return sqlite3_column_double(prepared_, column);
}

double statement::figure(int column) const
{
    const double value = real(column);
    return std::isnan(value) ? 0 : std::clamp(value, -largest_figure, largest_figure);
}

std::string statement::text(int column) const
{
    const auto* const value = sqlite3_column_text(prepared_, column);
    return value != nullptr ? reinterpret_cast<const char*>(value) : "";
}

nanoseconds statement::time(int column, double unit_s) const
{
    const double value = real(column) * unit_s;
    return from_seconds(std::isnan(value) ? longest_time_s
                                          : std::clamp(value, -longest_time_s, longest_time_s));
}

std::optional<nanoseconds> statement::optional_time(int column) const
{
    return is_null(column) ? std::nullopt : std::optional{time(column)};
}

connection_to_file::connection_to_file(const std::filesystem::path& file, int flags) : path_{file}
{
    loop_thread::refuse_to_wait();
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    file_.reset(opened);
    if (result != SQLITE_OK)
        fail(result);
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, busy_timeout_ms);
    distrust(opened);
    steps_ = std::make_unique<step_limit>(opened, path_);
}

void connection_to_file::execute(const char* sql)
{
    loop_thread::refuse_to_wait();
    steps_->restart();
    const int result = sqlite3_exec(file_.get(), sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail(result);
}

statement connection_to_file::prepare(std::string_view sql)
{
    loop_thread::refuse_to_wait();
    steps_->restart();
    auto kept = prepared_.find(sql);
    if (kept == prepared_.end()) {
        sqlite3_stmt* made = nullptr;
        const int result = sqlite3_prepare_v3(file_.get(), sql.data(), static_cast<int>(sql.size()),
                                              SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        if (result != SQLITE_OK)
            fail(result);
        kept = prepared_.emplace(sql, made).first;
    }
    return statement{kept->second.get(), *this};
}

int connection_to_file::pragma(const char* sql)
{
    auto row = prepare(sql);
    return row.step() ? static_cast<int>(row.integer(0)) : 0;
}

void connection_to_file::fail(int code) const
{
    if ((code & 0xff) == SQLITE_INTERRUPT)
        refuse("takes more work to read than its size explains: it is damaged; name another file");
    if ((code & 0xff) == SQLITE_TOOBIG)
        refuse(fmt::format("holds a text of more than {} MiB: it is damaged; name another file",
                           text_max >> 20));
    const char* says = file_ ? sqlite3_errmsg(file_.get()) : sqlite3_errstr(code);
    const auto [what, way_out] = explain(code, path_.string(), says);
    throw store_error(is_user_s(code) ? store_error::kind::bad_input : store_error::kind::failed,
                      what, way_out, passes(code));
}

void connection_to_file::refuse(const std::string& text) const
{
    throw store_error(store_error::kind::bad_input, fmt::format("{} {}", path_.string(), text));
}

transaction::transaction(connection_to_file& in)
    : in_{in}, open_{sqlite3_get_autocommit(in.raw()) != 0}
{
    if (open_)
        in_.execute("BEGIN IMMEDIATE");
}

transaction::~transaction()
{
    if (!open_)
        return;
    try {
        in_.execute("ROLLBACK");
    } catch (const store_error&) {
        // SQLite rolls back by itself when the file is closed.
    }
}

void transaction::commit()
{
    if (open_)
        in_.execute("COMMIT");
    open_ = false;
}

}  // namespace deadair::store
