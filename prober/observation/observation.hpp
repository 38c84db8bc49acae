#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "prober/observation/actions.hpp"
#include "prober/observation/disbelief.hpp"
#include "prober/observation/events.hpp"
#include "prober/observation/fruitless.hpp"
#include "prober/observation/near_end.hpp"
#include "prober/observation/notes.hpp"
#include "prober/observation/outage.hpp"
#include "prober/observation/probes.hpp"
#include "prober/observation/verdict_time.hpp"

namespace deadair::observation {

/// A stay at a server: its connections, the probes on them, and what each proved. It vouches for
/// every outcome or calls it void. The same object runs in the prober and in the simulator.
///
/// A turn: tell it what was seen (`on`, `woke` first), take the notes, ask what the user wants
/// (`open` and the rest), `act`, take the notes again, do the actions; sleep until `wake_at`.
/// What comes from outside may carry any number and any time: it is checked, never trusted.
class observation {
public:
    struct settings {
        nanoseconds verdict_after{std::chrono::seconds{2}};  ///< silence that makes a probe lost
        direction doubted_by{direction::to_client};          ///< asks what outlived an outage
        nanoseconds answer_max{};  ///< for what the far kernel has acknowledged; 0: no longer
    };

    observation(const settings& how, near_end& here);  ///< @param here  outlives it
    observation(const observation&) = delete;
    observation& operator=(const observation&) = delete;
    // What the user wants. Numbers that nobody knows are void or nothing, never an error.

    /// `opened` or `open_failed` follows. @pre a number that is new in the run
    void open(connection_id number, const path& on);
    /// `settled` follows. @pre a number that is new in the run @param after  as in `let_speak`
    void probe(probe_id number, connection_id over, direction way, time at, nanoseconds after = {});
    /// From now on the connection is refreshed; its silence is the time since the last exchange.
    void refresh_by(connection_id number, means how, std::chrono::milliseconds every);
    void keep(const refresh_within& wanted);  ///< the same, until the next probe
    /// From now on something outside of observation keeps it alive, as far as it can.
    void kept(connection_id number);
    /// `closed` follows if it was opened; a probe that is under way on it is void.
    void close(connection_id number, const std::string& client_saw, time now);
    /// All of them, and nothing comes of what was under way.
    void close_all(time now);

    void on(const event& seen, time at);
    /// What is due at or before `now`, and what was asked for, in order.
    std::vector<action> act(time now);
    /// When to act if nothing happens; nullopt: only an event helps.
    std::optional<time> wake_at() const;
    std::vector<noted> take_notes();

    /// What a verdict waits for on this path, as it is now.
    nanoseconds verdict_after() const { return patience_.after(); }
    bool begun() const { return begun_; }         ///< the server has answered
    bool idle() const { return probes_.none(); }  ///< no probe is under way
    bool outage() const { return outage_.lasting(); }
    /// Begun, and not opened yet.
    std::uint32_t being_opened() const { return std::uint32_t(opening_.under_way()); }
    /// Opened, and not closed.
    std::uint32_t waiting() const { return all_.joined_count(); }
    /// Reports of the far end that cannot be.
    std::uint64_t disbelieved() const { return disbelief_.count(); }
    /// A number for a row that no probe has.
    probe_id fresh_number() { return probes_.fresh_number(); }

private:
    void see(const woke& seen, time at);
    void see(const control_up& seen, time at);
    void see(const control_down& seen, time at);
    void see(const control_heard& seen, time at);
    void see(const control_failed& seen, time at);
    void see(const control_measured& seen, time at);
    void see(const tickets& seen, time at);
    void see(const joined& seen, time at);
    void see(const gone& seen, time at);
    void see(const far_ended& seen, time at);
    template <class Report>
    void see(const Report& seen, time at);

    void start_over(time at);
    void outage_over(time at);
    void doubt_bindings(time at);
    void doubt_answered(const flight& asked, outcome result, time at);
    void void_connections(time at);
    void open_failed(connection_id number, const std::string& why, bool ticket_sent, time at);
    void fail(const std::string& why, time at);

    void do_opening(time now);
    void take_from_probes(time now);
    void take(const verdict& one, time now);
    void weigh(const verdict& one, time now);
    void disbelieve(const std::string& what, time at);
    void tell(note::any what, time at) { notes_.push_back({at, std::move(what)}); }
    void happened(happening what, std::string detail, time at);

    connections all_;
    opening opening_;
    verdict_time patience_;
    direction doubted_by_;
    probes probes_;
    class outage outage_;
    disbelief disbelief_;
    fruitless fruitless_;
    std::map<direction, fruitless> fruitless_one_way_{fruitless::of_each_way()};
    bool begun_{};
    bool up_{};  // the control connection is, and it is heard
    bool over_{};
    std::vector<action> todo_;
    std::vector<noted> notes_;
};

}  // namespace deadair::observation
