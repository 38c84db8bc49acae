#pragma once

#include <stdexcept>
#include <string>

namespace deadair {

/// The program is not what it takes itself for.
class broken_assumption : public std::logic_error {
public:
    explicit broken_assumption(const std::string& what)
        : std::logic_error("a fault of deadair itself, please report it; not so: " + what)
    {
    }
};

/// What must be so wherever the program is right; in releases, too, since a stop beats a wrong
/// number. What was written down until then is kept.
/// @param what  the sentence that is true
/// @throws broken_assumption
inline void assert_that(bool holds, const char* what)
{
    if (!holds)
        throw broken_assumption{what};
}

}  // namespace deadair
