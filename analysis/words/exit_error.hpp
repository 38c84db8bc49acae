#pragma once

#include <stdexcept>
#include <string>

#include "analysis/words/exit_code.hpp"

namespace deadair {

/// What was asked cannot be done: `what()` is one sentence that names the culprit and the way
/// out. The program prints it and returns `code()`.
class exit_error : public std::runtime_error {
public:
    exit_error(exit_code code, const std::string& text) : std::runtime_error(text), code_(code) {}
    exit_code code() const { return code_; }

private:
    exit_code code_;
};

}  // namespace deadair
