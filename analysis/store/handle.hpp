#pragma once

#include "analysis/store/sqlite.hpp"

namespace deadair::store {

struct database::handle {
    connection_to_file sql;

    handle(const std::filesystem::path& file, int flags) : sql{file, flags} {}
};

}  // namespace deadair::store
