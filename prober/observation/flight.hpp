#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// What a silence proved. Pure: no socket, clock or file; times are nanoseconds since the run's
/// start and come in as arguments.
namespace deadair::observation {

using time = nanoseconds;
/// Chosen by the user, unique in a run.
using connection_id = std::uint32_t;
/// Chosen by the user, unique in a run and below `unprompted_first`.
using probe_id = std::uint32_t;
/// From here on observation itself gives out numbers.
inline constexpr probe_id unprompted_first = 0x8000'0000;

/// A probe from the moment it is asked for until its verdict; also an unprompted end, while the
/// far end is asked whether the path still works.
struct flight {
    probe_id probe{};
    connection_id connection{};
    direction way{};
    bool unprompted{};
    /// Of an end: the server closed it in order or spoke, of its own accord, and that came.
    bool by_server{};
    means how{};  ///< what refreshed the connection

    time asked{};                        ///< by the user
    nanoseconds after{};                 ///< it was asked for so long before it was to be sent
    std::uint32_t segments_in_before{};  ///< of this end's kernel, when it was asked for
    time sent{};                         ///< its first packet, our clock
    nanoseconds idle_age{};              ///< at that packet
    nanoseconds idle_age_error{};        ///< give or take; never more than the age itself
    nanoseconds verdict_after{};         ///< silence from then on that makes it lost
    bool left{};                         ///< it is known that it was sent, and when
    std::optional<time> arrived{};
    std::optional<time> ended{};              ///< when the connection was seen to end meanwhile
    time last_packet{};                       ///< of the exchange, once settled
    std::optional<nanoseconds> round_trip{};  ///< as the kernel sees it, once delivered
    std::optional<outcome> candidate{};  ///< what it will be called once the far end has answered

    std::uint32_t retransmitted_before{};  ///< the speaker's counter as the probe left
    std::uint32_t retransmitted{};         ///< of this probe
    std::string doubt{};                   ///< why it cannot be vouched for; empty if it can
    std::string server_saw{};
};

}  // namespace deadair::observation

namespace deadair::prober {
using observation::flight;
}
