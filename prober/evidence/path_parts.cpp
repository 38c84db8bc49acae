#include "prober/evidence/path_parts.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

#include "prober/evidence/peer.hpp"

namespace deadair::prober::evidence {

namespace {

using clock = std::chrono::steady_clock;

std::string reason(int error)
{
    return std::generic_category().message(error);
}

int option(int socket, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, level, name, &value, &size) == 0 ? value : 0;
}

double ms(nanoseconds value)
{
    return to_seconds(value) * 1000;
}

}  // namespace

part path_mtu(const url& to, nanoseconds patience)
{
    const auto found = resolve(to.host, to.port, to.family);
    if (!found.first)
        return {"path-mtu", false, fmt::format("{}: {}\n", to.host, found.problem)};
    const auto line = connect_to(*found.first, patience);
    if (line.error != 0)
        return {"path-mtu", false,
                fmt::format("{}: {}\n", to_string(*found.first), reason(line.error))};
    const bool ipv6 = found.first->family() == AF_INET6;
    const int mtu = ipv6 ? option(line.socket.get(), IPPROTO_IPV6, IPV6_MTU)
                         : option(line.socket.get(), IPPROTO_IP, IP_MTU);
    part seen{"path-mtu", true,
              fmt::format("{}: path MTU {} bytes as far as the kernel knows, TCP segments of {} "
                          "bytes\n",
                          to_string(*found.first), mtu,
                          option(line.socket.get(), IPPROTO_TCP, TCP_MAXSEG))};
    constexpr int ethernet_mtu = 1500;
    if (mtu != 0 && mtu < ethernet_mtu)
        seen.notes.push_back(fmt::format("the path MTU is {} bytes, below Ethernet's 1500", mtu));
    return seen;
}

part round_trips(const url& to, nanoseconds over, const going& go_on)
{
    const auto found = resolve(to.host, to.port, to.family);
    if (!found.first)
        return {"round-trips", false, fmt::format("{}: {}\n", to.host, found.problem)};
    std::string lines;
    std::vector<double> answered;
    std::size_t tried = 0;
    const auto began = clock::now();
    for (auto next = began; next - began < over && go_on(); next += std::chrono::seconds{1}) {
        std::this_thread::sleep_until(next);
        const auto line = connect_to(*found.first);
        ++tried;
        lines += fmt::format("{:8.1f} s ", to_seconds(next - began));
        lines +=
            line.error == 0 ? fmt::format("{:.3f} ms\n", ms(line.took)) : reason(line.error) + "\n";
        if (line.error == 0)
            answered.push_back(ms(line.took));
    }
    std::ranges::sort(answered);
    auto summary = fmt::format("connects to {}: {} of {} answered", to_string(*found.first),
                               answered.size(), tried);
    if (!answered.empty())
        summary += fmt::format("; least {:.3f}, median {:.3f}, most {:.3f} ms", answered.front(),
                               answered[answered.size() / 2], answered.back());
    part seen{"round-trips", true,
              summary + "\na connect of a second and more had its first packet lost\n" + lines};
    const auto slow = std::ranges::count_if(answered, [](double each) { return each >= 1000; });
    if (slow > 0)
        seen.notes.push_back(fmt::format("{} of {} connects had a packet lost", slow, tried));
    if (answered.size() < tried)
        seen.notes.push_back(
            fmt::format("{} of {} connects failed", tried - answered.size(), tried));
    return seen;
}

}  // namespace deadair::prober::evidence
