#include "echo-server/transport/socket.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace deadair::net {

namespace {

constexpr int system_default = -1;

void set(int socket, int level, int name, int value)
{
    // A refusal matters to nobody here: the counters say whether the wire was silent.
    (void)::setsockopt(socket, level, name, &value, sizeof value);
}

// A socket of IPv6 may carry IPv4, which then obeys the other option.
bool set_reach(int socket, int hops)
{
    int domain = AF_INET;
    socklen_t size = sizeof domain;
    (void)::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    const bool four = ::setsockopt(socket, IPPROTO_IP, IP_TTL, &hops, sizeof hops) == 0;
    if (domain != AF_INET6)
        return four;
    const bool six = ::setsockopt(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops) == 0;
    return six && four;
}

}  // namespace

wire::socket_facts facts_of(int socket)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return {};
    return {.segments_in = info.tcpi_segs_in,
            .segments_out = info.tcpi_segs_out,
            .unacknowledged = info.tcpi_unacked,
            .retransmitted = info.tcpi_total_retrans,
            .rtt_us = info.tcpi_rtt,
            .rtt_variation_us = info.tcpi_rttvar,
            .rto_us = info.tcpi_rto,
            .since_data_sent_ms = info.tcpi_last_data_sent,
            .since_data_received_ms = info.tcpi_last_data_recv,
            .since_ack_received_ms = info.tcpi_last_ack_recv};
}

nanoseconds left_at(int socket, nanoseconds before)
{
    using namespace std::chrono_literals;
    constexpr auto at_once = 5ms;
    constexpr int tries = 20;
    const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch(); };
    nanoseconds asked = now();
    if (asked - before <= at_once)
        return before;
    // Clock and kernel must have been read at the same moment, for the same reason.
    for (int i = 0; i < tries; ++i) {
        const std::chrono::milliseconds ago{facts_of(socket).since_data_sent_ms};
        const nanoseconds answered = now();
        if (answered - asked <= 1ms)
            return std::clamp<nanoseconds>(answered - ago, before, answered);
        asked = answered;
    }
    return before;
}

flow_facts flow_facts_of(int socket)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return {};
    return {.acknowledged_bytes = info.tcpi_bytes_acked,
            .received_bytes = info.tcpi_bytes_received,
            .unsent_bytes = info.tcpi_notsent_bytes,
            .sent_bytes = info.tcpi_bytes_sent,
            .retransmitted_bytes = info.tcpi_bytes_retrans,
            .congestion_window_segments = info.tcpi_snd_cwnd,
            .rtt_us = info.tcpi_rtt,
            .rtt_variation_us = info.tcpi_rttvar,
            .rto_us = info.tcpi_rto,
            .busy_us = info.tcpi_busy_time,
            .receiver_limited_us = info.tcpi_rwnd_limited,
            .buffer_limited_us = info.tcpi_sndbuf_limited};
}

void give_up_unacknowledged_after(int socket, std::chrono::milliseconds time)
{
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(time.count()));
}

void make_silent(int socket)
{
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    end_keepalive(socket);
    acknowledge_now(socket);
}

void keep_alive(int socket, const keepalive& how)
{
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(how.idle.count()));
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(how.interval.count()));
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, how.count);
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
}

void end_keepalive(int socket)
{
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 0);
}

void ask_now(int socket, std::chrono::seconds again)
{
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(again.count()));
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, keepalive_count_max);
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    // Changed while keepalive is on, it counts from the last packet: what was silent for longer
    // asks at once.
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 1);
}

bool ask_within(int socket, int hops)
{
    // Far beyond the moment at which it is switched off again.
    constexpr std::chrono::seconds never{32767};  // MAX_TCP_KEEPINTVL
    if (!set_reach(socket, hops)) {
        (void)set_reach(socket, system_default);
        return false;
    }
    ask_now(socket, never);
    return true;
}

std::error_code reach_refused(int socket)
{
    return set_reach(socket, system_default) ? std::error_code{}
                                             : std::error_code{errno, std::generic_category()};
}

void end_ask_within(int socket)
{
    end_keepalive(socket);
    (void)set_reach(socket, system_default);
}

void acknowledge_now(int socket)
{
    set(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
}

void choose_port_late(int socket)
{
    set(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
}

void wake_at(int socket, std::size_t bytes)
{
    set(socket, SOL_SOCKET, SO_RCVLOWAT, static_cast<int>(bytes));
}

void reset_on_close(int socket)
{
    const linger hard{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

wire::end_cause cause_of(int error)
{
    switch (error) {
        case ECONNRESET:
        case EPIPE:
        case ECONNREFUSED:
            return wire::end_cause::reset;
        case ETIMEDOUT:
        case EHOSTUNREACH:
        case ENETUNREACH:
            return wire::end_cause::timed_out;
        default:
            return wire::end_cause::broken;
    }
}

}  // namespace deadair::net
