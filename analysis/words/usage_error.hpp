#pragma once

#include <stdexcept>

namespace deadair {

/// What the user asked for cannot be: `what()` is one sentence that names the culprit and the
/// way out. The program prints it and returns `exit_code::bad_usage`.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace deadair
