#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Simulated middleboxes and networks, in virtual time.
namespace deadair::simulation {

/// What a middlebox tells when a packet of an expired binding arrives, or before that.
enum class at_expiry : std::uint8_t { drops, resets, closes };

/// The truth that a run has to find.
struct middlebox {
    nanoseconds idle_timeout{std::chrono::seconds{300}};
    nanoseconds grain{};   ///< its timer looks so often: expiry comes up to this much later
    nanoseconds jitter{};  ///< expiry comes up to this much later, drawn anew for each silence
    std::optional<nanoseconds> other_timeout{};  ///< of a second middlebox behind the same address
    double other_share{};                        ///< of the connections, that pass that one
    bool other_by_port{};  ///< it has the odd source ports instead, as a balancer would choose
    std::optional<nanoseconds> to_client_timeout{};  ///< from outside, where it differs
    /// The only direction whose data renews a binding; nullopt: any packet does.
    std::optional<direction> renewed_by{};
    bool loose{};  ///< a packet from inside makes an expired binding anew
    std::optional<nanoseconds> session_age{};  ///< cut at this age, whatever passes
    std::uint32_t capacity{};                  ///< of bindings; the stalest gives way. 0: no limit
    at_expiry then{at_expiry::drops};
};

struct span_of_time {
    nanoseconds from{};
    nanoseconds to{};

    bool holds(nanoseconds when) const { return from <= when && when < to; }
};

struct network {
    double loss{};  ///< chance that one packet is lost
    nanoseconds round_trip{std::chrono::milliseconds{50}};
    std::vector<span_of_time> outages;  ///< nothing passes; the control connection notices
    std::vector<span_of_time> bursts;   ///< nothing passes, too short for anybody to notice
    std::optional<nanoseconds> server_restart{};
    std::optional<nanoseconds> suspended_at{};  ///< the prober's host sleeps, and wakes later
    nanoseconds suspended_for{std::chrono::minutes{10}};
};

using random_source = std::mt19937_64;

/// The state that the middlebox keeps for one connection.
class binding {
public:
    binding(const middlebox& of, nanoseconds opened, std::uint16_t port, random_source& random);

    /// When it expires if no packet passes.
    nanoseconds expires_at(direction way) const;
    bool lives(nanoseconds now, direction way) const;
    /// A packet of an exchange in that direction passed.
    void refresh(nanoseconds now, direction way, random_source& random);
    void evict() { evicted_ = true; }
    bool evicted() const { return evicted_; }
    nanoseconds last_packet() const { return last_packet_; }

private:
    const middlebox* of_;
    nanoseconds opened_;
    nanoseconds last_packet_;
    nanoseconds own_timeout_;
    nanoseconds grain_phase_{};
    nanoseconds late_by_{};
    bool evicted_{};
};

}  // namespace deadair::simulation
