#pragma once

namespace deadair {

/// What the three programs return; scripts rely on it.
enum class exit_code : int {
    done = 0,
    failed = 1,        ///< unreachable, refused, disk full
    bad_usage = 2,     ///< bad usage or bad input
    inconclusive = 3,  ///< measured, but no answer
    not_met = 4,       ///< an expectation given on the command line is not met
    interrupted = 130  ///< Ctrl-C; results so far are saved and printed
};

}  // namespace deadair
