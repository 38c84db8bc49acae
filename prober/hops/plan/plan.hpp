#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Which box on the path forgets: connections that are refreshed by keepalives which go so many
/// hops, and what became of them. Pure: time comes in as an argument, as nanoseconds since the
/// run's start.
namespace deadair::hops_plan {

using time = nanoseconds;

/// How far a keepalive goes.
inline constexpr int not_at_all = 0;    ///< there is none: the connection must die
inline constexpr int all_the_way = 64;  ///< it must live

/// What is to be found out, and with what.
struct plan {
    path on;
    int server_hop{};                       ///< keepalives that go so many hops reach the server
    nanoseconds timeout_low{};              ///< of the box that forgets first, as it was measured
    nanoseconds timeout_high{};             ///< the same: silent connections are gone by then
    std::optional<nanoseconds> idle_max{};  ///< longest silence; else twice the idle timeout
    std::uint32_t connections{100};         ///< in all, at most
    double open_rate{20.0};                 ///< connections opened per second, at most
    bool from_server{true};                 ///< the server can send such keepalives, too
};

/// @return why this plan cannot work, in one sentence that names what would; nullopt if it can.
std::optional<std::string> refuse(const plan& wanted);

/// The shortest silence after which a connection is probed: 1.15 times the idle timeout and a
/// second. Whoever forgets that early is found by it.
nanoseconds age_first(const plan& of);
/// The longest one; the same where connections are few. @pre server_hop >= 2
nanoseconds age_last(const plan& of);
/// So often a connection is refreshed: a quarter of the idle timeout, and 4 min at most, since
/// Linux forgets after 5 min what it saw three like keepalives of without an answer
/// (nf_conntrack_tcp_timeout_max_retrans).
std::chrono::milliseconds refresh_every(const plan& of);

/// One connection: refreshed by one end within so many hops, silent but for that, then probed.
struct trial {
    refresh_side from{refresh_side::none};
    int hops{not_at_all};
    nanoseconds age{};  ///< of the silence, at the probe

    friend bool operator==(const trial&, const trial&) = default;
};
/// In the order in which to open them; where connections are few, of the first round
/// (bisection.hpp).
/// @pre !refuse(of)
std::vector<trial> trials_of(const plan& of);

/// What became of one.
struct seen {
    trial what;
    outcome result{};
    nanoseconds idle_age{};  ///< at the probe's first packet, or at which its end was seen
};

}  // namespace deadair::hops_plan
