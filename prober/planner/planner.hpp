#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Decides which connection to open and when to probe it. Pure: no socket, clock, file or
/// random source; time comes in as an argument, as nanoseconds since the run's start on the
/// monotonic clock. The same object runs in the prober and in the simulator.
namespace deadair::planner {

using time = nanoseconds;
using connection_id = std::uint32_t;
using probe_id = std::uint32_t;

/// What a run may use and what it has to find.
struct plan {
    std::vector<path> paths;            ///< not empty; pooled until one contradicts the others
    std::vector<direction> directions;  ///< not empty
    nanoseconds idle_min{std::chrono::seconds{5}};
    nanoseconds idle_max{std::chrono::hours{2}};
    nanoseconds resolution{
        std::chrono::milliseconds{500}};  ///< the width wanted: the larger of this
    double resolution_relative{0.001};    ///< and this share of the idle timeout
    std::uint32_t connections{128};       ///< at most, open at a time
    double open_rate{20.0};               ///< connections opened per second, at most
    nanoseconds verdict_after{
        std::chrono::seconds{2}};  ///< silence after a probe that makes it lost
    double packet_loss{0.01};      ///< assumed chance that one packet is lost
    bool exhaustive{false};        ///< follow a stratum that outlives the others to `idle_max`
};

// What the planner asks for. Connections and probes are numbered by the planner from 1.
struct open_connection {
    connection_id connection{};
    path on;
};
struct send_probe {
    probe_id probe{};
    connection_id connection{};
    direction way{};
};
struct close_connection {
    connection_id connection{};
};
using action = std::variant<open_connection, send_probe, close_connection>;

// What the planner is told.

/// The connection is set up and silent since `last_packet`.
struct opened {
    connection_id connection{};
    time last_packet{};
};
/// It could not be opened; never counted as expiry. The planner retries later, a bounded number of
/// times.
struct open_failed {
    connection_id connection{};
    time at{};
};
/// What became of a probe. A second `settled` with `late` or `delivered` for a probe that was
/// called `lost` takes that verdict back.
struct settled {
    probe_id probe{};
    outcome result{};
    nanoseconds idle_age{};  ///< at the probe's first packet
    time last_packet{};      ///< of the exchange; where the next silence begins, when delivered
    std::uint32_t
        unanswered{};  ///< packets of this probe that got no answer, retransmissions included
};
/// The connection ended without being probed (`reset` or `closed`), or can no longer vouch for
/// its idle age (`voided`).
struct ended {
    connection_id connection{};
    outcome how{};
    nanoseconds idle_age{};  ///< at which the end was seen
    time at{};
};
/// The control connection failed: nothing is sent until it is back, what was under way is void.
struct outage_began {
    time at{};
};
struct outage_ended {
    time at{};
};
using event = std::variant<opened, open_failed, settled, ended, outage_began, outage_ended>;

/// What is known so far of one stratum, for the progress display.
struct bracket {
    stratum where;
    nanoseconds survived{};              ///< longest idle age delivered; 0: none yet
    std::optional<nanoseconds> expired;  ///< shortest idle age believed not delivered
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};
    bool done{};
};

enum class phase : std::uint8_t { opening, searching, confirming, verifying, finished };
std::string_view to_string(phase value);

/// @return why this plan cannot work, in one sentence that names the option, and the nearest
///         value that works; nullopt if it can.
std::optional<std::string> refuse(const plan& wanted);

class planner {
public:
    /// @pre !refuse(wanted)
    explicit planner(plan wanted);
    ~planner();
    planner(planner&&) noexcept;
    planner& operator=(planner&&) noexcept;

    /// The work due at or before `now`, in the order to do it.
    std::vector<action> act(time now);
    /// When `act` wants to be called again if nothing happens; nullopt: only an event helps.
    std::optional<time> wake_at() const;
    void on(const event& seen);

    /// No more work: every stratum has its answer, or the range is exhausted.
    bool finished() const;
    phase now_in() const;
    std::vector<bracket> brackets() const;
    /// When the run will be over if no binding expires before; for the progress display.
    time expected_end() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace deadair::planner
