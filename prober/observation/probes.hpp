#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "prober/observation/actions.hpp"
#include "prober/observation/connections.hpp"
#include "prober/observation/events.hpp"
#include "prober/observation/verdict_time.hpp"

namespace deadair::observation {

/// What came of a probe, or of an unprompted end.
struct verdict {
    flight probe;
    outcome result{};
    bool taken_back{};  ///< it was called lost, and has arrived
};

/// The probes under way, from their asking to their verdict; at most one on a connection. Nothing
/// that was not delivered is believed before the far end has answered: loss is not expiry, and an
/// end may be the server's own.
class probes {
public:
    /// @param all  outlives it, as does `patience`
    /// @param answer_max  that a server may take for an answer, once its kernel has the question
    probes(connections& all, const verdict_time& patience, nanoseconds answer_max)
        : all_{all}, patience_{patience}, answer_max_{answer_max}
    {
    }

    struct wanted {
        probe_id number{};
        connection_id over{};
        direction way{};
        nanoseconds after{};  ///< the far end is asked now to speak then; 0: at once
    };
    /// @param heard  the control connection is up
    void ask(const wanted& what, bool heard, time now);
    /// A connection's end, as one of its ends saw it.
    struct end {
        connection_id connection{};
        outcome how{};
        std::string server_saw{};       ///< empty: our end saw it
        bool by_server{};               ///< of its own accord
        std::optional<time> seen_at{};  ///< if that was before now
    };
    void on(const end& seen, time now);
    void on(const said& seen, time at);
    void on(const heard& seen, time at);
    void on(const spoke& seen, time at);
    void on(const received& seen, time at);
    void on(const far_state& seen, time at);
    void on(const path_works& seen, time at);
    void void_all(const std::string& why, time now);
    /// The connection was closed: a probe that is under way on it is void.
    void forget(connection_id number, const std::string& why, time now);
    /// Nothing comes of what is under way.
    void forget_all();
    /// The server knows nothing of what was asked before.
    void start_over() { queried_.clear(); }
    void clock_error(nanoseconds error) { clock_error_ = error; }

    void act(time now);
    std::optional<time> wake_at() const { return due_.next(); }
    std::vector<action> take_actions() { return std::exchange(actions_, {}); }
    std::vector<verdict> take_verdicts() { return std::exchange(verdicts_, {}); }
    /// What was reported and cannot be.
    std::vector<std::string> take_disbelieved() { return std::exchange(disbelieved_, {}); }

    bool none() const { return flights_.empty(); }
    /// A probe on it was called lost.
    bool lost_on(connection_id number) const { return lost_.contains(number); }
    probe_id fresh_number() { return fresh_number_++; }

private:
    flight* find(probe_id number, connection_id over, direction way);
    flight* find_on(connection_id number);
    void send(flight& probe, time now);
    void age(flight& probe, time sent, nanoseconds known_to = {});
    void arrived(flight& probe, time now);
    void overdue(flight& probe, time now);
    std::string sent_meanwhile(const flight& probe) const;
    bool something_else_came(const flight& probe) const;
    bool may_still_answer(flight& probe, time now);
    void await_word(flight& probe, outcome candidate, time now);
    void gone_before(flight probe, time now);
    bool old_enough_to_end(const flight& probe) const;
    flight unprompted_end(connection_id number, time at);
    void count_retransmissions(flight& probe, const far_state& seen, time now);
    void settle(flight probe, outcome result, time now);
    void take_out(const flight& probe);
    void stray(probe_id number, connection_id over, const char* what);
    nanoseconds patience(connection_id over) const;
    static bool possible(time at, nanoseconds error, time asked, time now);

    connections& all_;
    const verdict_time& patience_;
    nanoseconds answer_max_;
    nanoseconds clock_error_{};
    nanoseconds server_ends_at_{nanoseconds::max()};  // the youngest silence it ended by itself
    std::map<probe_id, flight> flights_;
    std::map<connection_id, probe_id> by_connection_;
    std::map<connection_id, flight> lost_;  // the last one on it; an arrival takes the verdict back
    std::set<connection_id> queried_;       // and not answered
    remembered settled_;
    schedule<probe_id> due_;
    std::vector<action> actions_;
    std::vector<verdict> verdicts_;
    std::vector<std::string> disbelieved_;
    probe_id fresh_number_{unprompted_first};
};

}  // namespace deadair::observation
