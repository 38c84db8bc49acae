#pragma once

#include <optional>
#include <vector>

#include "prober/planner/part.hpp"

namespace deadair::planner {

struct refresh_settings {
    std::vector<path> paths;
    std::vector<direction> directions;
    std::vector<means> wanted;  ///< each tried on every path whose transport has it
    std::uint32_t connections_per_stratum{3};
    double open_rate{20.0};  ///< connections opened per second, at most
};

/// Which refresh keeps a binding alive? Connections that are refreshed well within the idle timeout
/// and say nothing else for longer than it. Then each is probed: it lives if the refresh counts.
/// Begins when the idle age is known by which silent connections are gone.
class refresh_plan final : public part {
public:
    explicit refresh_plan(refresh_settings wanted);

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override { return wake_at_; }
    void on(const event& seen) override;
    bool needs_time() const override;
    void show(overview& whole) const override;
    std::optional<time> expected_end() const override;

private:
    enum class stage : std::uint8_t { to_open, opening, opened, waiting, probing, done };
    struct task {
        path on;
        direction way{};
        means how;
        stage is{stage::to_open};
        time not_before{};  // to open
        time silent_since{};
        connection_id connection{};
        probe_id probe{};
        std::uint32_t tries{};
    };

    void begin(time now, nanoseconds expired);
    void step(task& one, time now, std::vector<action>& todo);
    void again(task& one, time now);
    void wake(time at);
    template <class Match>
    task* find(Match match);

    void on_event(const opened& seen);
    void on_event(const open_failed& seen);
    void on_event(const settled& seen);
    void on_event(const ended& seen);
    void on_event(const outage_began& /*seen*/) { outage_ = true; }
    void on_event(const outage_ended& /*seen*/) { outage_ = false; }

    refresh_settings wanted_;
    std::vector<task> tasks_;
    bool begun_{};
    bool outage_{};
    time begun_at_{};
    nanoseconds hold_{};
    nanoseconds every_{};
    std::optional<time> wake_at_;
    time now_{};
    connection_id last_connection_{};
    probe_id last_probe_{};
};

}  // namespace deadair::planner
