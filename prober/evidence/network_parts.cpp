#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <system_error>

#include "analysis/host/descriptor.hpp"
#include "analysis/host/netlink.hpp"
#include "prober/evidence/host_parts.hpp"

namespace deadair::prober::evidence {

namespace {

using bytes = std::span<const std::byte>;

template <class Type>
Type read(bytes from)
{
    Type value{};
    std::memcpy(&value, from.data(), std::min(from.size(), sizeof value));
    return value;
}

struct message {
    std::uint16_t type{};
    bytes fixed;
    std::map<std::uint16_t, bytes> attributes;
};

template <class Fixed, class Each>
void dump(std::uint16_t type, Each each)
{
    const Fixed question{};
    host::dump(
        NETLINK_ROUTE, type, std::as_bytes(std::span{&question, 1}),
        [&](std::uint16_t seen, bytes body) {
            message found{.type = seen, .fixed = body, .attributes = {}};
            const auto fixed = std::min<std::size_t>(NLMSG_ALIGN(sizeof(Fixed)), body.size());
            host::for_each_attribute(body.subspan(fixed), [&](std::uint16_t name, bytes value) {
                found.attributes.insert_or_assign(name, value);
            });
            each(read<Fixed>(body), found);
        });
}

std::string address_text(int family, bytes value)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::size_t length = family == AF_INET6 ? sizeof(in6_addr) : sizeof(in_addr);
    if (value.size() < length ||
        ::inet_ntop(family, value.data(), text.data(), text.size()) == nullptr)
        return "?";
    return text.data();
}

std::string link_text(bytes value)
{
    std::string text;
    for (const auto each : value)
        text += fmt::format("{}{:02x}", text.empty() ? "" : ":", std::to_integer<int>(each));
    return text;
}

std::string name_text(bytes value)
{
    const auto* const text = reinterpret_cast<const char*>(value.data());
    return {text, ::strnlen(text, value.size())};
}

std::map<unsigned, std::string> device_names()
{
    std::map<unsigned, std::string> names;
    dump<ifinfomsg>(RTM_GETLINK, [&](const ifinfomsg& fixed, const message& of) {
        if (const auto found = of.attributes.find(IFLA_IFNAME); found != of.attributes.end())
            names[static_cast<unsigned>(fixed.ifi_index)] = name_text(found->second);
    });
    return names;
}

// One offload's state, as ethtool shows it; nullopt: the kernel or a sandbox does not tell (errno).
std::optional<bool> offload(int socket, const std::string& device, std::uint32_t command)
{
    ethtool_value value{.cmd = command, .data = 0};
    ifreq request{};
    device.copy(&request.ifr_name[0], IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&value);
    if (::ioctl(socket, SIOCETHTOOL, &request) != 0)
        return std::nullopt;
    return value.data != 0;
}

std::string offloads(const std::string& device)
{
    const host::descriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!offload(socket.get(), device, ETHTOOL_GTSO))
        return "offloads not told: " + std::generic_category().message(errno);
    const auto state = [&](std::uint32_t command) {
        const auto seen = offload(socket.get(), device, command);
        return !seen ? "not told" : *seen ? "on" : "off";
    };
    return fmt::format("tso {}, gso {}, gro {}, transmit checksums {}, receive checksums {}",
                       state(ETHTOOL_GTSO), state(ETHTOOL_GGSO), state(ETHTOOL_GGRO),
                       state(ETHTOOL_GTXCSUM), state(ETHTOOL_GRXCSUM));
}

std::string counters(const rtnl_link_stats64& of)
{
    return fmt::format(
        "received {} packets {} bytes {} errors {} dropped, sent {} packets {} bytes {} errors {} "
        "dropped",
        of.rx_packets, of.rx_bytes, of.rx_errors, of.rx_dropped, of.tx_packets, of.tx_bytes,
        of.tx_errors, of.tx_dropped);
}

}  // namespace

part interfaces()
{
    std::string text;
    dump<ifinfomsg>(RTM_GETLINK, [&](const ifinfomsg& fixed, const message& of) {
        const auto& has = of.attributes;
        const auto name = has.contains(IFLA_IFNAME) ? name_text(has.at(IFLA_IFNAME)) : "?";
        text += fmt::format("{} {}", name, (fixed.ifi_flags & IFF_UP) != 0 ? "up" : "down");
        if (has.contains(IFLA_MTU))
            text += fmt::format(", mtu {}", read<std::uint32_t>(has.at(IFLA_MTU)));
        if (has.contains(IFLA_STATS64))
            text += "\n  " + counters(read<rtnl_link_stats64>(has.at(IFLA_STATS64)));
        text += "\n  " + offloads(name) + "\n";
    });
    return {"interfaces", true, text};
}

part addresses()
{
    std::string text;
    const auto names = device_names();
    dump<ifaddrmsg>(RTM_GETADDR, [&](const ifaddrmsg& fixed, const message& of) {
        const auto found = of.attributes.find(IFA_ADDRESS);
        const auto name = names.find(fixed.ifa_index);
        if (found != of.attributes.end())
            text += fmt::format("{} {}/{}\n", name != names.end() ? name->second : "?",
                                address_text(fixed.ifa_family, found->second),
                                int{fixed.ifa_prefixlen});
    });
    return {"addresses", true, text.empty() ? "this host has no address\n" : text};
}

part routes()
{
    std::string text;
    bool any_default = false;
    const auto names = device_names();
    dump<rtmsg>(RTM_GETROUTE, [&](const rtmsg& fixed, const message& of) {
        if (fixed.rtm_table != RT_TABLE_MAIN || (fixed.rtm_flags & RTM_F_CLONED) != 0)
            return;
        const auto& has = of.attributes;
        any_default = any_default || fixed.rtm_dst_len == 0;
        text += has.contains(RTA_DST)
                    ? fmt::format("{}/{}", address_text(fixed.rtm_family, has.at(RTA_DST)),
                                  int{fixed.rtm_dst_len})
                    : std::string{fixed.rtm_family == AF_INET6 ? "default (IPv6)" : "default"};
        if (has.contains(RTA_GATEWAY))
            text += " via " + address_text(fixed.rtm_family, has.at(RTA_GATEWAY));
        if (has.contains(RTA_OIF)) {
            const auto name = names.find(read<std::uint32_t>(has.at(RTA_OIF)));
            text += " on " + (name != names.end() ? name->second : std::string{"?"});
        }
        text += "\n";
    });
    part found{"routes", true, text};
    if (!any_default)
        found.notes.emplace_back("there is no default route");
    return found;
}

part neighbours()
{
    std::string text;
    const auto names = device_names();
    dump<ndmsg>(RTM_GETNEIGH, [&](const ndmsg& fixed, const message& of) {
        const auto& has = of.attributes;
        if (!has.contains(NDA_DST) || (fixed.ndm_state & NUD_NOARP) != 0)
            return;
        const auto name = names.find(static_cast<unsigned>(fixed.ndm_ifindex));
        text += fmt::format("{} on {} {}{}\n", address_text(fixed.ndm_family, has.at(NDA_DST)),
                            name != names.end() ? name->second : "?",
                            has.contains(NDA_LLADDR) ? link_text(has.at(NDA_LLADDR)) : "unknown",
                            (fixed.ndm_state & NUD_FAILED) != 0 ? ", does not answer" : "");
    });
    return {"neighbours", true, text.empty() ? "no neighbour is known\n" : text};
}

}  // namespace deadair::prober::evidence
