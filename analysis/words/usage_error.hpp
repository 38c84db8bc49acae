#pragma once

#include <string>

#include "analysis/words/exit_error.hpp"

namespace deadair {

/// What the user asked for cannot be.
class usage_error : public exit_error {
public:
    explicit usage_error(const std::string& text) : exit_error(exit_code::bad_usage, text) {}
};

}  // namespace deadair
