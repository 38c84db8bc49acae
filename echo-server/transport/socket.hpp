#pragma once

#include <chrono>
#include <system_error>

#include "echo-server/wire/messages.hpp"

/// What Linux tells of a TCP socket, and the options that keep it silent.
namespace deadair::net {

/// The kernel's figures (`TCP_INFO`, tcp(7)); all zero once the socket is closed.
wire::socket_facts facts_of(int socket);

/// When what was just handed over for sending left. A process may be kept from running in between
/// for long, on a busy host; then it is by the kernel's word, exact to a tick (4 ms).
/// @param before  CLOCK_MONOTONIC just before; what was handed over within 5 ms counts as then
nanoseconds left_at(int socket, nanoseconds before);

/// The same for a socket that sends or receives much.
struct flow_facts {
    std::uint64_t acknowledged_bytes{};
    std::uint64_t received_bytes{};
    std::uint64_t unsent_bytes{};  ///< in the send buffer, never sent
    std::uint64_t sent_bytes{};    ///< retransmissions included
    std::uint64_t retransmitted_bytes{};
    std::uint32_t congestion_window_segments{};
    std::uint32_t rtt_us{};
    std::uint32_t rtt_variation_us{};
    std::uint32_t rto_us{};
    std::uint64_t busy_us{};              ///< with data to send
    std::uint64_t receiver_limited_us{};  ///< of that, stopped by the receiver's window
    std::uint64_t buffer_limited_us{};    ///< of that, stopped by the send buffer
};
flow_facts flow_facts_of(int socket);

/// Written data that stays unacknowledged for so long ends the connection (TCP_USER_TIMEOUT).
void give_up_unacknowledged_after(int socket, std::chrono::milliseconds time);

/// No delay, no keepalive: nothing is sent that we did not send.
void make_silent(int socket);

/// How the kernel asks whether the peer of a silent connection is still there (tcp(7)).
struct keepalive {
    std::chrono::seconds idle{};        ///< silence before it asks
    std::chrono::seconds interval{75};  ///< from one question without answer to the next
    int count{9};  ///< questions without answer after which the connection has timed out
};
inline constexpr int keepalive_count_max = 127;  // MAX_TCP_KEEPCNT
void keep_alive(int socket, const keepalive& how);
void end_keepalive(int socket);

/// Sends a keepalive at once, and again so often until `end_keepalive`. What came on the connection
/// less than a second ago makes it wait until a second has passed.
void ask_now(int socket, std::chrono::seconds again);

/// Sends one keepalive at once that goes no further than `hops` hops (IP_TTL, ip(7);
/// IPV6_UNICAST_HOPS, ipv6(7)): the routers before, and the one at which it ends, see it, and
/// nobody behind. Nothing may be sent on the socket until `end_ask_within`, some milliseconds
/// later. The kernel does not give the connection up for want of an answer before
/// `keepalive_count_max` of them in a row.
/// @return false: the system does not allow it, and nothing was sent
bool ask_within(int socket, int hops);
/// Whether the system lets this process say how far packets go (a sandbox may not); nothing
/// changes. @return else why not, as errno has it
std::error_code reach_refused(int socket);
void end_ask_within(int socket);

/// Acknowledge at once what has arrived: a delayed acknowledgement would restart the silence up
/// to 40 ms later. The kernel forgets this option; set it after every read.
void acknowledge_now(int socket);

/// A bind to an address alone leaves the port to `connect`, which knows the other end and so has
/// all ports for each (IP_BIND_ADDRESS_NO_PORT, ip(7)).
void choose_port_late(int socket);

/// The socket counts as readable when it holds so many bytes, or no more can come (SO_RCVLOWAT).
void wake_at(int socket, std::size_t bytes);

/// Closing sends a reset instead of FIN, and the kernel keeps no orphan that retransmits.
void reset_on_close(int socket);

/// What an errno of a socket call says of the connection's end.
wire::end_cause cause_of(int error);

}  // namespace deadair::net
