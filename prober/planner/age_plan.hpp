#pragma once

#include <optional>
#include <vector>

#include "prober/planner/refresh_plan.hpp"

namespace deadair::planner {

/// Is a connection cut at some age, whatever it does? Keeps a few connections busy with data both
/// ways from the run's start on, and speaks on them again and again. They are opened one after the
/// other, so that what ends all at one moment is not taken for an age.
class age_plan {
public:
    /// Its connections and probes are numbered from here.
    static constexpr std::uint32_t numbers_from = 0x3000'0000;
    static constexpr std::uint32_t connections = 8;

    explicit age_plan(plan wanted);

    std::vector<refresh_action> act(time now);
    std::optional<time> wake_at() const;
    void on(const event& seen);
    /// Some were cut, and others will soon show whether it was their age.
    bool unsettled() const;
    /// How many were cut.
    std::uint32_t cut() const { return cut_; }
    /// No connection is left, and none is opened any more.
    bool finished() const;

private:
    enum class standing : std::uint8_t { waiting, opening, opened, busy, probing, over };
    struct slot {
        path on;
        time due{};
        time opened{};
        standing is{standing::waiting};
        connection_id connection{};
        probe_id probe{};
        std::uint32_t said{};
        std::uint32_t voided{};  // in a row
        std::uint32_t tries{};
    };

    void step(slot& which, std::vector<refresh_action>& todo);
    void settle(slot& which, outcome result, time at);
    void again(slot& which, time at);
    slot* holding(connection_id id);

    plan wanted_;
    std::vector<slot> slots_;
    std::vector<connection_id> to_close_;  // nobody can vouch for them any more
    std::uint32_t last_number_{numbers_from};
    std::uint32_t cut_{};
    time first_cut_{};
    time now_{};
    bool outage_{};
};

}  // namespace deadair::planner
