#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "prober/planner/planner.hpp"

namespace deadair::prober {

/// How many connections and probes are in which state.
struct tally {
    std::uint32_t opening{};
    std::uint32_t waiting{};  ///< open and silent
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};

    void add(outcome result);
};

/// What there is to show at one moment.
struct snapshot {
    nanoseconds elapsed{};
    nanoseconds expected_end{};
    tally counts;
    std::vector<planner::bracket> brackets;
    planner::phase phase{};
    bool outage{};
};

/// A few lines for a terminal: one on the run, one for each stratum.
std::vector<std::string> live_lines(const snapshot& now, std::size_t width);
/// One line for a log.
std::string plain_line(const snapshot& now);
/// One JSON object.
std::string json_line(const snapshot& now);

enum class progress_mode : std::uint8_t { automatic, plain, json, none, live };
/// `auto`, `plain`, `json` or `none`.
std::optional<progress_mode> parse_progress_mode(std::string_view text);

/// Shows how a run goes, on standard error: redrawn in place on a terminal, else a line every
/// few seconds.
class progress {
public:
    explicit progress(progress_mode mode);

    void update(const snapshot& now);
    /// Takes the live lines away: what follows is the result.
    void finish();

private:
    void redraw(const snapshot& now);

    progress_mode mode_;
    std::size_t drawn_{};              // lines on the terminal
    std::optional<nanoseconds> last_;  // when a line was written
};

}  // namespace deadair::prober
