#pragma once

#include <span>
#include <vector>

#include "prober/planner/plan.hpp"

namespace deadair::planner {

using path_index = std::uint16_t;

/// What a connection is good for.
enum class standing : std::uint8_t {
    opening,
    idle,     ///< silent since `silent_since`; may be probed
    probing,  ///< a probe is under way
    dead,     ///< never probed again; stays open a while in case the probe arrives late
    gone,     ///< closed, or never opened
};

struct connection {
    connection_id id{};
    path_index on{};
    standing is{standing::opening};
    time silent_since{};          ///< last packet either way
    time since{};                 ///< when `is` took its value
    nanoseconds survived{};       ///< the longest idle age at which a probe was delivered
    std::uint16_t survived_in{};  ///< the stratum of that probe

    nanoseconds age(time now) const { return now - silent_since; }
};

/// All connections of the run, by number.
class pool {
public:
    connection_id add(path_index on, time now);

    /// @return nullptr for a number that was never given out.
    connection* find(connection_id id);
    const connection* find(connection_id id) const;
    std::span<connection> all() { return all_; }
    std::span<const connection> all() const { return all_; }

    void move(connection& which, standing to, time now);

    /// How many stand open, or are about to.
    std::uint32_t open() const { return open_; }
    /// How many may be probed, now or once they are open.
    std::uint32_t useful() const;
    /// How many were heard of after this one.
    std::uint32_t crowd_of(const connection& which) const;
    std::uint32_t ever_opened() const { return static_cast<std::uint32_t>(all_.size()); }

private:
    std::vector<connection> all_;
    std::uint32_t open_{};
};

}  // namespace deadair::planner
