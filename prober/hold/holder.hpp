#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "prober/hold/chance.hpp"
#include "prober/hold/settings.hpp"

namespace deadair::hold {

/// What is held, and for how long.
struct plan {
    std::vector<path> paths;            ///< not empty
    std::vector<direction> directions;  ///< not empty
    std::uint32_t connections{};        ///< with the settings, spread over the paths
    std::uint32_t unprotected{};        ///< without any, for each path and direction
    std::uint32_t patient{};            ///< of `connections`, say nothing before `until`
    nanoseconds idle_timeout{};         ///< T: silences are drawn from T/2 to 2 T
    std::optional<nanoseconds> idle_reconnect{};
    std::optional<nanoseconds> max_age{};  ///< of the connections that have the settings
    double open_rate{20};                  ///< connections opened per second, at most
    std::optional<time> until;             ///< no silence ends later; nullopt: for ever
    std::uint64_t seed{};
};

struct open_connection {
    std::uint32_t connection{};
    path on;
    bool unprotected{};
};
/// Something said after a silence.
struct message {
    std::uint32_t number{};
    std::uint32_t connection{};
    path on;
    direction way{};
    nanoseconds quiet{};  ///< since something was said on it, or since it was opened
    bool unprotected{};
    bool replaced{};  ///< it had been idle for too long, so it goes over a new connection
};
struct close_connection {
    std::uint32_t connection{};
};
using action = std::variant<open_connection, message, close_connection>;

/// Decides when something is said on held connections: each is silent for a random time, then one
/// end speaks. Patient ones say nothing all the while: a refresh may be heeded for some time only
/// since the last message. A dead one is replaced. Connections and messages are numbered from 1.
class holder {
public:
    explicit holder(plan wanted);

    /// The work due at or before `now`.
    std::vector<action> act(time now);
    /// When `act` wants to be called again if nothing happens.
    std::optional<time> wake_at() const;

    void opened(std::uint32_t connection, time at);
    void open_failed(std::uint32_t connection, time at);
    void settled(const message& said, outcome result, time at);
    /// It ended by itself or can no longer be vouched for.
    void ended(std::uint32_t connection, time at);
    void outage(bool lasting) { outage_ = lasting; }

    /// Nothing more will be said.
    bool finished() const;
    /// Whether this connection is one without the settings.
    bool is_unprotected(std::uint32_t connection) const;
    /// Who was to speak next on it; nothing once it was replaced.
    std::optional<direction> way_of(std::uint32_t connection) const;

private:
    enum class stage : std::uint8_t { closed, opening, quiet, speaking, done };
    struct slot {
        path on;
        bool unprotected{};
        bool patient{};
        std::optional<direction> only{};  // what an unprotected one is for
        stage now{stage::closed};
        std::uint32_t connection{};
        time since{};  // when the silence began
        time opened{};
        bool old{};  // it is replaced when due, and nothing is said
        time due{};  // the next step
        direction way{};
        std::optional<nanoseconds>
            owed{};  // the silence before a message that awaits a new connection
        unsigned failures{};
    };

    slot* of(std::uint32_t connection);
    void fall_silent(slot& one, time at);
    time end_of_silence(const slot& one, time at);
    void reopen(slot& one, time at);
    void step(slot& one, time now, std::vector<action>& todo);
    message say(slot& one, nanoseconds quiet, bool replaced);

    plan plan_;
    chance chance_;
    std::vector<slot> slots_;
    std::vector<std::uint32_t> to_close_;
    std::uint32_t last_connection_{};
    std::uint32_t last_message_{};
    bool outage_{};
};

}  // namespace deadair::hold
