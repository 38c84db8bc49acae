#include "analysis/host/tcp_samples.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <system_error>

#include "analysis/host/inet_diag.hpp"

namespace deadair::host {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// include/net/tcp_states.h
enum state : std::uint8_t {
    established = 1,
    fin_wait_1 = 4,
    fin_wait_2 = 5,
    close_wait = 8,
    last_ack = 9,
    listen = 10,
    closing = 11,
};

constexpr std::uint32_t bit(state which)
{
    return 1U << which;
}

constexpr std::uint32_t alive = bit(established) | bit(fin_wait_1) | bit(fin_wait_2) |
                                bit(close_wait) | bit(last_ack) | bit(closing);

// Some thousands of notices.
constexpr int waiting_max = 4 << 20;
constexpr std::size_t notice_max = 8192;

sockets::stage stage_of(const inet_diag_msg& of)
{
    switch (of.idiag_state) {
        case close_wait:
            return sockets::stage::other_closed;
        case fin_wait_1:
        case fin_wait_2:
        case last_ack:
        case closing:
            return sockets::stage::closing;
        default:
            return sockets::stage::open;
    }
}

void read_figures(const tcp_info& info, sockets::sample& into)
{
    into.round_trip = microseconds{info.tcpi_rtt};
    into.segments_in = info.tcpi_segs_in;
    into.segments_out = info.tcpi_segs_out;
    into.data_in = info.tcpi_data_segs_in;
    into.data_out = info.tcpi_data_segs_out;
    into.retransmitted = info.tcpi_total_retrans;
    into.unacknowledged = info.tcpi_unacked;
    into.unanswered_asked = info.tcpi_probes;
    into.bytes_acknowledged = info.tcpi_bytes_acked;
    into.bytes_received = info.tcpi_bytes_received;
    into.sent = into.at - milliseconds{info.tcpi_last_data_sent};
    into.received = into.at - milliseconds{info.tcpi_last_data_recv};
    into.acknowledged = into.at - milliseconds{info.tcpi_last_ack_recv};
}

// One that the kernel keeps for the last packets alone (TIME_WAIT) has no figures.
std::optional<sockets::sample> sample_of(const diagnosed& seen, nanoseconds at)
{
    if (!seen.info)
        return std::nullopt;
    const auto& of = seen.message;
    sockets::sample made{
        .at = at,
        .cookie = std::uint64_t{of.id.idiag_cookie[1]} << 32U | of.id.idiag_cookie[0],
        .inode = of.idiag_inode,
        .local = local_of(of),
        .remote = remote_of(of),
        .in = stage_of(of),
        .running = timer_of(of),
        .expires = milliseconds{of.idiag_expires}};
    read_figures(*seen.info, made);
    return made;
}

[[noreturn]] void fail()
{
    throw std::system_error(errno, std::generic_category(),
                            "asking the kernel for ends of sockets");
}

constexpr std::uint32_t group(int number)
{
    return 1U << static_cast<unsigned>(number - 1);
}

}  // namespace

void read_samples(const clock_reading& now, std::vector<sockets::sample>& all)
{
    all.clear();
    diagnose_tcp(alive, [&](const diagnosed& seen) {
        if (const auto made = sample_of(seen, now()))
            all.push_back(*made);
    });
}

std::vector<std::uint16_t> listening_ports()
{
    std::vector<std::uint16_t> all;
    diagnose_tcp(bit(listen),
                 [&](const diagnosed& seen) { all.push_back(local_of(seen.message).port); });
    return all;
}

tcp_ends::tcp_ends()
    : socket_{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)},
      buffer_(notice_max)
{
    sockaddr_nl own{};
    own.nl_family = AF_NETLINK;
    own.nl_groups = group(SKNLGRP_INET_TCP_DESTROY) | group(SKNLGRP_INET6_TCP_DESTROY);
    if (socket_.get() < 0 ||
        ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
        fail();
    (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &waiting_max, sizeof waiting_max);
}

void tcp_ends::read(const clock_reading& now,
                    const std::function<void(const sockets::sample&)>& take)
{
    while (true) {
        const auto got = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
        if (got < 0 && (errno == EINTR || errno == ENOBUFS))
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0)
            fail();
        // Each notice is a datagram.
        const std::span<const std::byte> notice{buffer_.data(), static_cast<std::size_t>(got)};
        nlmsghdr header{};
        if (notice.size() < NLMSG_HDRLEN)
            continue;
        std::memcpy(&header, notice.data(), sizeof header);
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
            continue;
        if (const auto made = sample_of(read_diagnosed(notice.subspan(NLMSG_HDRLEN)), now()))
            take(*made);
    }
}

}  // namespace deadair::host
