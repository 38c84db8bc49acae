#pragma once

#include <cstdint>

namespace deadair {

/// The kernel's figures of one TCP connection (Linux TCP_INFO, tcp(7)), as either end reads them.
struct socket_facts {
    std::uint32_t segments_in{};
    std::uint32_t segments_out{};
    std::uint32_t unacknowledged{};  ///< segments
    std::uint32_t retransmitted{};   ///< segments, in the connection's life
    std::uint32_t rtt_us{};
    std::uint32_t rtt_variation_us{};
    std::uint32_t rto_us{};
    std::uint32_t since_data_sent_ms{};
    std::uint32_t since_data_received_ms{};
    std::uint32_t since_ack_received_ms{};

    friend bool operator==(const socket_facts&, const socket_facts&) = default;
};

}  // namespace deadair
