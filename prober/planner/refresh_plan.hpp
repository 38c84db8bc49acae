#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "prober/planner/planner.hpp"

/// Decides what is done to learn which refresh keeps a binding alive. Pure, like the planner.
namespace deadair::planner {

/// A way to keep a binding alive.
struct means {
    refresh by{refresh::none};
    refresh_side from{refresh_side::none};

    friend auto operator<=>(const means&, const means&) = default;
};

struct refresh_settings {
    std::vector<path> paths;
    std::vector<direction> directions;
    std::vector<means> wanted;  ///< each tried on every path whose transport has it
    std::uint32_t connections_per_stratum{3};
    double open_rate{20.0};  ///< connections opened per second, at most
};

/// From now on the connection is refreshed.
struct start_refresh {
    connection_id connection{};
    means how;
    std::chrono::milliseconds every{};
};
using refresh_action = std::variant<open_connection, start_refresh, send_probe, close_connection>;

/// Connections that are refreshed well within the idle timeout and say nothing else for longer than
/// it. Then each is probed: it lives if the refresh counts.
class refresh_plan {
public:
    /// Connections and probes are numbered from here, apart from the planner's own.
    static constexpr connection_id first_connection = 1'000'001;
    static constexpr probe_id first_probe = 1'000'001;

    explicit refresh_plan(refresh_settings wanted);

    /// Silent connections are forgotten by this idle age.
    void begin(time now, nanoseconds expired);
    bool begun() const { return begun_; }
    /// Nothing to do any more, or nothing was asked for. Before `begin`: false if there is.
    bool finished() const;

    std::vector<refresh_action> act(time now);
    /// When `act` wants to be called again if nothing happens.
    std::optional<time> wake_at() const { return wake_at_; }
    void on(const event& seen);
    /// @pre begun()
    time expected_end() const { return begun_at_ + hold_; }

private:
    enum class stage : std::uint8_t { to_open, opening, opened, held, probing, done };
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

    void step(task& one, time now, std::vector<refresh_action>& todo);
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
    connection_id last_connection_{first_connection - 1};
    probe_id last_probe_{first_probe - 1};
};

}  // namespace deadair::planner
