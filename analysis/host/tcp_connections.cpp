#include "analysis/host/tcp_connections.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "analysis/host/netlink.hpp"
#include "analysis/host/socket_owners.hpp"

namespace deadair::host {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t established = 1;  // TCP_ESTABLISHED, include/net/tcp_states.h

// Addresses of IPv4 in IPv6's clothes (::ffff:192.0.2.1) are IPv4's on the wire.
constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const __be32 (&words)[4])
{
    return std::memcmp(&words[0], mapped_prefix.data(), mapped_prefix.size()) == 0;
}

std::string address_text(int family, const void* bytes)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(family, bytes, text.data(), text.size()) != nullptr ? text.data() : "";
}

audit::endpoint endpoint_of(bool ipv6, const __be32 (&words)[4], __be16 port)
{
    if (ipv6 && !is_mapped(words))
        return {address_text(AF_INET6, &words[0]), ntohs(port)};
    return {address_text(AF_INET, ipv6 ? &words[3] : &words[0]), ntohs(port)};
}

audit::timer timer_of(std::uint8_t code)
{
    switch (code) {
        case 1:
            return audit::timer::retransmission;
        case 2:
            return audit::timer::keepalive;
        case 4:
            return audit::timer::zero_window;
        default:
            return audit::timer::none;
    }
}

void read_info(const tcp_info& info, audit::connection& into)
{
    into.since_received = milliseconds{std::min(info.tcpi_last_data_recv, info.tcpi_last_ack_recv)};
    into.silent =
        std::min<nanoseconds>(into.since_received, milliseconds{info.tcpi_last_data_sent});
    into.round_trip = microseconds{info.tcpi_rtt};
    into.retransmitted = info.tcpi_total_retrans;
}

audit::connection connection_of(std::span<const std::byte> body)
{
    inet_diag_msg seen{};
    std::memcpy(&seen, body.data(), std::min(body.size(), sizeof seen));
    const bool ipv6 = seen.idiag_family == AF_INET6;
    audit::connection found;
    found.family =
        ipv6 && !is_mapped(seen.id.idiag_dst) ? address_family::ipv6 : address_family::ipv4;
    found.local = endpoint_of(ipv6, seen.id.idiag_src, seen.id.idiag_sport);
    found.remote = endpoint_of(ipv6, seen.id.idiag_dst, seen.id.idiag_dport);
    found.running = timer_of(seen.idiag_timer);
    found.expires = milliseconds{seen.idiag_expires};
    found.inode = seen.idiag_inode;
    for_each_attribute(body.subspan(std::min(body.size(), sizeof seen)),
                       [&](std::uint16_t type, std::span<const std::byte> value) {
                           if (type != INET_DIAG_INFO)
                               return;
                           // An older kernel knows less, a newer one more.
                           tcp_info info{};
                           std::memcpy(&info, value.data(), std::min(value.size(), sizeof info));
                           read_info(info, found);
                       });
    return found;
}

void add_family(std::uint8_t family, std::vector<audit::connection>& into)
{
    inet_diag_req_v2 question{};
    question.sdiag_family = family;
    question.sdiag_protocol = IPPROTO_TCP;
    question.idiag_ext = 1U << (INET_DIAG_INFO - 1);
    question.idiag_states = 1U << established;
    dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, std::as_bytes(std::span{&question, 1}),
         [&](std::uint16_t, std::span<const std::byte> body) {
             into.push_back(connection_of(body));
         });
}

}  // namespace

std::vector<audit::connection> tcp_connections()
{
    std::vector<audit::connection> found;
    add_family(AF_INET, found);
    add_family(AF_INET6, found);
    name_owners(found);
    return found;
}

}  // namespace deadair::host
