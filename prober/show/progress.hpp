#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

namespace deadair::prober {

/// How many connections and probes are in which state.
struct progress_counts {
    std::uint32_t opening{};
    std::uint32_t waiting{};  ///< open and silent
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};

    void add(outcome result);
};

/// What there is to show at one moment.
class shown {
public:
    virtual ~shown() = default;
    virtual nanoseconds at() const = 0;  ///< since the run's start
    /// A few lines for a terminal of that width.
    virtual std::vector<std::string> live_lines(std::size_t width) const = 0;
    /// One line for a log, without the time.
    virtual std::string plain_line() const = 0;
    /// One JSON object.
    virtual std::string json_line() const = 0;
};

/// What is known so far of one stratum.
struct known_of_stratum {
    stratum where;
    nanoseconds survived{};              ///< the longest silence; 0: none yet
    std::optional<nanoseconds> expired;  ///< the shortest silence that was not survived
    bool done{};
};

/// How a measurement goes: one line on the run, one for each stratum.
struct snapshot final : shown {
    nanoseconds elapsed{};
    nanoseconds expected_end{};
    progress_counts counts;
    std::vector<known_of_stratum> strata;
    std::string_view phase;
    bool outage{};

    nanoseconds at() const override { return elapsed; }
    std::vector<std::string> live_lines(std::size_t width) const override;
    std::string plain_line() const override;
    std::string json_line() const override;
};

enum class progress_mode : std::uint8_t { automatic, plain, json, none, live };
/// `auto`, `plain`, `json` or `none`.
std::optional<progress_mode> parse_progress_mode(std::string_view text);

/// Shows how a run goes, on standard error: redrawn in place on a terminal, else a line when
/// something has changed, or each minute.
class progress {
public:
    explicit progress(progress_mode mode);

    void update(const shown& now);
    /// A line that stays, above what is redrawn.
    void say(const std::string& text);
    /// Takes the live lines away: what follows is the result.
    void finish();

private:
    void redraw(const shown& now);

    progress_mode mode_;
    std::size_t drawn_{};              // lines on the terminal
    std::optional<nanoseconds> last_;  // when a line was written
    std::string said_;                 // and which
};

}  // namespace deadair::prober
