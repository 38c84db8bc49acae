#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "prober/evidence/path_parts.hpp"
#include "prober/evidence/peer.hpp"

namespace deadair::prober::evidence {

namespace {

using clock = std::chrono::steady_clock;

constexpr int hops_max = 30;
constexpr int silent_max = 5;  // after so many that say nothing the way is taken to be closed
constexpr std::chrono::milliseconds patience{1000};

void set(int socket, int level, int name, int value)
{
    (void)::setsockopt(socket, level, name, &value, sizeof value);
}

// Who sent the ICMP error that waits in the socket's queue.
std::string offender(int socket)
{
    alignas(cmsghdr) std::array<char, 512> control{};
    std::array<char, 256> data{};
    iovec piece{.iov_base = data.data(), .iov_len = data.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket, &message, MSG_ERRQUEUE) < 0)
        return {};
    for (auto* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
        const bool ours = (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_RECVERR) ||
                          (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_RECVERR);
        if (!ours)
            continue;
        const auto* const error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(each));
        peer from;
        from.size =
            error->ee_origin == SO_EE_ORIGIN_ICMP6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        std::memcpy(&from.address, SO_EE_OFFENDER(error), from.size);
        return to_string(from);
    }
    return {};
}

struct hop {
    bool arrived{};
    bool answered{};
    std::string line;
};

hop look(const peer& there, int ttl)
{
    const host::descriptor socket{
        ::socket(there.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
    const bool ipv6 = there.family() == AF_INET6;
    set(socket.get(), ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, ttl);
    set(socket.get(), ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_RECVERR : IP_RECVERR, 1);
    const auto began = clock::now();
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&there.address), there.size) !=
            0 &&
        errno != EINPROGRESS)
        return {true, true, std::generic_category().message(errno)};
    pollfd waiting{.fd = socket.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0)
        return {false, false, "no answer"};
    const auto took = to_seconds(clock::now() - began) * 1000;
    if (const auto from = offender(socket.get()); !from.empty())
        return {false, true, fmt::format("{} {:.3f} ms", from, took)};
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return {true, true,
            fmt::format("{} {:.3f} ms{}", to_string(there), took,
                        error == 0 ? "" : ", " + std::generic_category().message(error))};
}

}  // namespace

part hops(const url& to, const going& go_on)
{
    const auto found = resolve(to.host, to.port, to.family);
    if (!found.first)
        return {"hops", false, fmt::format("{}: {}\n", to.host, found.problem)};
    part seen{"hops", true,
              fmt::format("TCP to port {} of {}\n", to.port, to_string(*found.first))};
    int silent = 0;
    for (int ttl = 1; ttl <= hops_max && silent < silent_max && go_on(); ++ttl) {
        const auto one = look(*found.first, ttl);
        seen.text += fmt::format("{:2} {}\n", ttl, one.line);
        silent = one.answered ? 0 : silent + 1;
        if (one.arrived)
            return seen;
    }
    seen.notes.emplace_back("the server was not reached hop by hop");
    return seen;
}

}  // namespace deadair::prober::evidence
