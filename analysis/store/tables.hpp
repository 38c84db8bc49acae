#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/store/sqlite.hpp"

/// What the schema says of itself, so that what works on every table needs no list of them.
namespace deadair::store {

struct column {
    std::string name;
    bool is_row_number{};  ///< INTEGER PRIMARY KEY, which SQLite counts up
};

/// In the order in which they were made.
std::vector<std::string> tables_of(connection_to_file& file);

/// False in an older file that may only be read.
bool has_table(connection_to_file& file, std::string_view table);

/// Empty for a table that is not there.
std::vector<column> columns_of(connection_to_file& file, const std::string& table);

/// A table with its columns, as far as a file from elsewhere must have them: true tables, neither
/// views nor virtual ones, and columns that hold what was written.
struct table_shape {
    std::string name;
    struct stored_column {
        std::string name;
        std::string type;
        std::int64_t key{};  ///< its place in the primary key; 0: none
        bool operator==(const stored_column&) const = default;
    };
    std::vector<stored_column> columns;
};
std::vector<table_shape> shapes_of(connection_to_file& file);
/// "table probes" or "column probes.outcome" of the first that `wanted` has and `there` has not;
/// empty if all is there.
std::string first_missing(const std::vector<table_shape>& wanted,
                          const std::vector<table_shape>& there);

/// As an identifier in SQL: a file that somebody else made may hold any name.
std::string identifier(std::string_view name);

/// Each quoted, with commas between.
std::string listed(const std::vector<column>& columns);

}  // namespace deadair::store
