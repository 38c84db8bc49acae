#pragma once

#include <optional>
#include <vector>

#include "prober/planner/cohort.hpp"
#include "prober/planner/part.hpp"

namespace deadair::planner {

struct refresh_settings {
    std::vector<path> paths;
    std::vector<direction> directions;
    std::vector<means> wanted;  ///< each tried on every path whose transport has it
    std::uint32_t connections_per_stratum{3};
    double open_rate{20.0};  ///< connections opened per second, at most
};

/// Which refresh keeps a binding alive? For each stratum, as soon as it is known by which idle age
/// silent connections are gone: a cohort that says nothing for longer than that, save the refresh.
/// Where its controls prove nothing, another one.
class refresh_plan final : public part {
public:
    explicit refresh_plan(refresh_settings wanted);

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override;
    void on(const event& seen) override;
    bool needs_time() const override;
    void show(overview& whole) const override;
    std::optional<time> expected_end() const override;

private:
    /// What is tried in one stratum.
    struct task {
        stratum where;
        std::vector<means> left;
        double hold_times{};
        std::uint32_t rounds{};
        std::optional<cohort> now{};
    };

    void begin(task& one, time now, nanoseconds expired, nanoseconds pace);
    void conclude(task& one, std::vector<action>& todo);
    void begin_anew(std::vector<action>& todo);

    refresh_settings wanted_;
    std::vector<task> tasks_;
    last_numbers last_;
    doorway door_;
    time opens_next_{};
    bool outage_{};
    bool anew_{};  // since there were too many connections
};

}  // namespace deadair::planner
