#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/words/duration.hpp"

/// What a watch decides: when to measure, what an incident was, whether the idle timeout changed,
/// and what it all amounts to. Pure.
namespace deadair::watch_plan {

using time = nanoseconds;

/// Why a measurement is due.
enum class occasion : std::uint8_t { first, scheduled, path_changed, connections_lost };
std::string_view to_string(occasion value);

/// When to measure: every so often, and soon after something changed that a new measurement may
/// show. Times are the process's; what came before it is told as an age.
class agenda {
public:
    /// @param last  how long ago the last measurement of this watch ended by the wall clock, which
    ///              may have been set: outside 0 to `every` it counts as `every`
    agenda(nanoseconds every, std::optional<nanoseconds> last);

    /// Something happened after which T may be another. Changes come in flocks: the measurement
    /// waits until nothing has changed for a while.
    void changed(occasion why, time at);
    void began();
    /// @param useful  false: it failed, and is tried again, later each time
    void ended(bool useful, time at);

    /// What is due; nothing while a measurement is under way.
    std::optional<occasion> due(time now) const;
    /// When something is due if nothing happens.
    time next() const { return soon_ ? soon_->at : scheduled_; }

private:
    struct appointment {
        time at{};
        occasion why{};
    };

    nanoseconds every_;
    time scheduled_{};
    std::optional<appointment> soon_;
    bool first_;
    bool under_way_{};
    unsigned failures_{};
};

}  // namespace deadair::watch_plan
