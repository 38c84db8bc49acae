#include <arpa/inet.h>
#include <fmt/ranges.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "echo-server/transport/socket.hpp"
#include "prober/evidence/path_parts.hpp"
#include "prober/evidence/way.hpp"

namespace deadair::prober::evidence {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t hops_max = 30;
constexpr std::size_t at_once = 8;  // few enough for a server that counts strangers
constexpr int tries = 3;            // a lost packet is no hop that says nothing
// For all of those together, each try.
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

nanoseconds since(clock::time_point then)
{
    return clock::now() - then;
}

/// A connect that goes so many hops, under way.
struct attempt {
    int hops{};
    host::descriptor socket;
    clock::time_point began{clock::now()};
    bool over{};
};

attempt begin(const peer& there, int hops)
{
    attempt one{.hops = hops,
                .socket = host::descriptor{::socket(
                    there.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)}};
    const bool ipv6 = there.family() == AF_INET6;
    const int socket = one.socket.get();
    set(socket, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, hops);
    set(socket, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_RECVERR : IP_RECVERR, 1);
    (void)::connect(socket, reinterpret_cast<const sockaddr*>(&there.address), there.size);
    return one;
}

int error_of(int socket)
{
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void add(std::vector<std::string>& all, std::string address)
{
    if (std::ranges::find(all, address) == all.end())
        all.push_back(std::move(address));
}

// What came of an attempt to which something has come.
void take(attempt& one, hop& into)
{
    one.over = true;
    const auto took = since(one.began);
    if (auto from = offender(one.socket.get()); !from.empty()) {
        add(into.addresses, std::move(from));
    } else {
        into.arrived = true;
        const int error = error_of(one.socket.get());
        into.refused = error == 0 ? "" : std::generic_category().message(error);
    }
    into.took = into.took ? std::min(*into.took, took) : took;
}

void await(std::vector<attempt>& all, std::vector<hop>& into)
{
    const auto began = clock::now();
    while (since(began) < patience) {
        std::vector<pollfd> waiting;
        std::vector<attempt*> whose;
        for (auto& each : all)
            if (!each.over) {
                waiting.push_back({.fd = each.socket.get(), .events = POLLOUT, .revents = 0});
                whose.push_back(&each);
            }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience - since(began));
        if (waiting.empty() ||
            ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) <= 0)
            return;
        for (std::size_t i = 0; i < waiting.size(); ++i)
            if (waiting[i].revents != 0)
                take(*whose[i], into[static_cast<std::size_t>(whose[i]->hops - 1)]);
    }
}

// Asks all from `first` on, but none behind the server, once that is seen.
void ask(const peer& there, std::vector<hop>& all, std::size_t first)
{
    const auto server = std::ranges::find_if(all, &hop::arrived);
    const auto last = server == all.end() ? all.size() : std::size_t(server - all.begin()) + 1;
    std::vector<attempt> attempts;
    for (auto which = first; which < last; ++which)
        attempts.push_back(begin(there, static_cast<int>(which) + 1));
    await(attempts, all);
}

std::string in_words(const hop& one, const peer& there)
{
    if (!one.answered())
        return "no answer";
    const auto who =
        one.arrived ? to_string(there) : fmt::format("{}", fmt::join(one.addresses, ", "));
    return fmt::format("{} {:.3f} ms{}", who, to_seconds(*one.took) * 1000,
                       one.refused.empty() ? "" : ", " + one.refused);
}

}  // namespace

std::string reach_problem(address_family family)
{
    const bool ipv6 = family == address_family::ipv6;
    const host::descriptor socket{
        ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP)};
    const auto refused = net::reach_refused(socket.get());
    if (!refused)
        return {};
    return fmt::format(
        "this system does not let programs set how far their packets go ({}: {}), so no hop can be "
        "asked; run it outside of the sandbox or container that forbids it",
        ipv6 ? "IPV6_UNICAST_HOPS" : "IP_TTL", refused.message());
}

std::vector<hop> way_to(const peer& there, const going& go_on)
{
    std::vector<hop> all;
    const auto ends = [&] { return !all.empty() && all.back().arrived; };
    while (all.size() < hops_max && !ends() && go_on()) {
        const auto first = all.size();
        all.resize(std::min(first + at_once, hops_max));
        for (int turn = 0; turn < tries && go_on(); ++turn)
            ask(there, all, first);
        if (const auto server = std::ranges::find_if(all, &hop::arrived); server != all.end())
            all.erase(server + 1, all.end());
    }
    return all;
}

part hops(const url& to, const going& go_on)
{
    const auto found = resolve(to.host, to.port, to.family);
    if (!found.first)
        return {"hops", false, fmt::format("{}: {}\n", to.host, found.problem)};
    if (const auto why = reach_problem(found.first->family() == AF_INET6 ? address_family::ipv6
                                                                         : address_family::ipv4);
        !why.empty())
        return {"hops", false, why + "\n"};
    part seen{"hops", true,
              fmt::format("TCP to port {} of {}\n", to.port, to_string(*found.first))};
    const auto way = way_to(*found.first, go_on);
    int number = 0;
    for (const auto& each : way)
        seen.text += fmt::format("{:2} {}\n", ++number, in_words(each, *found.first));
    if (way.empty() || !way.back().arrived)
        seen.notes.emplace_back("the server was not reached hop by hop");
    return seen;
}

}  // namespace deadair::prober::evidence
