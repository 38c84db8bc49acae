#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "analysis/words/words.hpp"
#include "echo-server/turns.hpp"
#include "echo-server/wire/messages.hpp"

namespace deadair::echo_server {

/// Why a connection was not let in, or not for long.
enum class farewell : std::uint8_t {
    address_limit,     ///< too many unproven from its address
    connection_limit,  ///< too many connections
    made_room,         ///< the oldest stranger, when a newer one needed the place
    too_slow,          ///< no proof in time
    broken,            ///< bytes that make no sense, or a frame out of place
    over_rate,         ///< more than its session may send
    revoked,           ///< its token is no longer valid
};
inline constexpr std::size_t farewell_count = 7;
std::string_view to_string(farewell value);

/// How many durations lay within each bound.
class histogram {
public:
    static constexpr std::array<double, 7> bounds_s{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.1, 1};

    void add(std::chrono::nanoseconds value);
    std::uint64_t within(std::size_t bound) const { return within_[bound]; }
    std::uint64_t count() const { return count_; }
    double sum_s() const { return sum_s_; }

private:
    std::array<std::uint64_t, bounds_s.size()> within_{};
    std::uint64_t count_{};
    double sum_s_{};
};

/// What the server counts, for its metrics and its tests.
struct server_counts {
    std::uint64_t accepted{};
    std::uint64_t sessions_begun{};
    std::uint64_t sessions_resumed{};
    std::uint64_t joined{};
    std::uint64_t spoken{};
    std::uint64_t received{};
    std::uint64_t bytes_received{};
    std::uint64_t bytes_sent{};
    std::uint64_t tokens_read{};
    std::uint64_t certificates_read{};
    std::map<wire::refusal, std::uint64_t> refused;
    std::array<std::uint64_t, farewell_count> farewells{};
    std::array<std::uint64_t, 4>
        connections{};  ///< now, by transport, of those who proved themselves
    histogram loop_lateness;
    turn_figures turns;

    std::uint64_t& of(farewell why) { return farewells[static_cast<std::size_t>(why)]; }
    std::uint64_t of(farewell why) const { return farewells[static_cast<std::size_t>(why)]; }
    std::uint64_t& now(transport kind) { return connections[static_cast<std::size_t>(kind)]; }
};

/// In OpenMetrics text (the specification 1.0), with the two gauges that are not counts.
struct gauges {
    std::size_t sessions{};
    std::size_t strangers{};
};
std::string to_openmetrics(const server_counts& counts, const gauges& now);

}  // namespace deadair::echo_server
