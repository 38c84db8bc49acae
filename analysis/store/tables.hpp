#pragma once

#include <string>
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

/// Empty for a table that is not there.
std::vector<column> columns_of(connection_to_file& file, const std::string& table);

/// "a, b, c".
std::string listed(const std::vector<column>& columns);

}  // namespace deadair::store
