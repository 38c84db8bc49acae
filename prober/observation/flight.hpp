#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

namespace deadair::prober {

/// A probe from the moment it is asked for until its verdict; also an unprompted end, while the
/// server is asked whether the path still works.
struct flight {
    std::uint32_t probe{};
    std::uint32_t connection{};
    direction way{};
    bool unprompted{};
    refresh by{refresh::none};  ///< of the connection
    refresh_side from{refresh_side::none};

    nanoseconds due{};             ///< when the next step is taken if nothing happens
    nanoseconds sent{};            ///< its first packet, our clock
    nanoseconds idle_age{};        ///< at that packet
    nanoseconds idle_age_error{};  ///< give or take
    bool left{};                   ///< it is known that it was sent, and when
    std::optional<nanoseconds> arrived{};
    nanoseconds last_packet{};                ///< of the exchange, once settled
    std::optional<nanoseconds> round_trip{};  ///< as the kernel sees it, once delivered
    std::optional<outcome> candidate{};  ///< what it will be called once the server has answered

    std::uint32_t retransmitted_before{};  ///< the speaker's counter as the probe left
    std::uint32_t retransmitted{};         ///< of this probe
    std::string doubt{};                   ///< why it cannot be vouched for; empty if it can
    std::string server_saw{};
};

}  // namespace deadair::prober
