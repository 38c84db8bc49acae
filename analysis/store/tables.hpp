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

/// As an identifier in SQL: a file that somebody else made may hold any name.
std::string identifier(std::string_view name);

/// Each quoted, with commas between.
std::string listed(const std::vector<column>& columns);

/// What stands in one column, a sentence each line.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace deadair::store
