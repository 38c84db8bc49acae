#pragma once

#include <functional>

#include "analysis/words/exit_code.hpp"

namespace deadair {

/// Does a program's work and returns its exit code; what is thrown is told on stderr under the
/// program's `name`.
int run_program(const char* name, const std::function<exit_code()>& work);

}  // namespace deadair
