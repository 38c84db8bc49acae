#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// An established TCP connection of this host, as the kernel tells of it.
namespace deadair::audit {

struct endpoint {
    std::string address;
    std::uint16_t port{};

    friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// "198.51.100.7:443", "[2001:db8::7]:443"
std::string to_string(const endpoint& value);

/// The one timer that the kernel shows of a connection (`idiag_timer`, sock_diag(7)).
enum class timer : std::uint8_t { none, retransmission, keepalive, zero_window };
std::string_view to_string(timer value);

struct process {
    int pid{};
    std::string name;
};

/// SO_KEEPALIVE and the TCP_KEEP options of a socket (tcp(7)).
struct keepalive_options {
    bool on{};
    nanoseconds idle{};      ///< silence before the first
    nanoseconds interval{};  ///< between those that stay unanswered
    std::uint32_t count{};   ///< so many unanswered end the connection
};

struct connection {
    address_family family{address_family::ipv4};
    endpoint local;
    endpoint remote;
    timer running{timer::none};
    nanoseconds expires{};         ///< until that timer fires
    nanoseconds since_received{};  ///< since data or an acknowledgement came
    nanoseconds silent{};          ///< since the last packet that the kernel dates, either way
    nanoseconds round_trip{};
    std::uint32_t retransmitted{};               ///< segments, since it opened
    std::uint64_t inode{};                       ///< by which processes know their sockets
    std::optional<process> owner;                ///< none: nobody's, or we may not know
    std::optional<keepalive_options> keepalive;  ///< none: we may not know
};

}  // namespace deadair::audit
