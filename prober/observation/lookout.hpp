#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "prober/observation/events.hpp"

namespace deadair::observation {

/// The witness at a server of another make: whether the path and the server work, as a connection
/// shows that is opened for that alone. Between questions only the kernel's keepalives pass on it,
/// which cost the server nothing; in doubt it is asked what only the far end can answer. It tells
/// an expired binding from an outage, and knows nothing of the connections under test. Pure.
class lookout {
public:
    struct limits {
        nanoseconds answer_max{std::chrono::seconds{10}};        ///< from connect to an answer
        nanoseconds silence_max{std::chrono::seconds{3}};        ///< three keepalives: an outage
        nanoseconds silence_to_reopen{std::chrono::seconds{6}};  ///< then a new one is tried
        nanoseconds pause{std::chrono::seconds{2}};  ///< from one opening to the next, at least
        std::uint32_t connections_max{};             ///< that the server is to be burdened with
        bool packets_answer{};  ///< a keepalive's answer is all that can be had
    };
    struct open {};
    struct ask {};
    struct end {};
    using action = std::variant<open, ask, end>;

    explicit lookout(const limits& what) : limits_{what} {}

    /// It is open, and the server has answered on it.
    void opened(time at);
    void answered(time at);
    /// What its kernel has counted; to be told often.
    void counted(std::uint32_t segments_in, time at);
    /// It ended, or could not be opened. `closed`: by the server, in order, which is no outage.
    void gone(outcome how, const std::string& why, time at);
    /// It will never let us in, or wants us to stop.
    void refused(const std::string& why) { tell(control_failed{why}); }
    /// Does the path work? `path_works` follows, unless it does not.
    void query(connection_id about) { asked_about_.push_back(about); }

    /// To be called after each of these, and several times a second.
    std::vector<action> act(time now);
    std::vector<event> take_events() { return std::exchange(events_, {}); }
    bool up() const { return stage_ == stage::up; }

private:
    enum class stage : std::uint8_t { away, opening, up };

    void tell(event what) { events_.push_back(std::move(what)); }
    void down(const std::string& why);
    void leave(const std::string& why, std::vector<action>& todo);
    void answer_all();

    limits limits_;
    stage stage_{stage::away};
    bool ever_up_{};
    bool down_{};                   // and told so
    bool asking_{};                 // and not answered
    std::optional<time> begun_at_;  // the latest opening
    time heard_at_{};
    std::optional<std::uint32_t> segments_in_;
    std::vector<connection_id> asked_about_;
    std::vector<event> events_;
};

}  // namespace deadair::observation
