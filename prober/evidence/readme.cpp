#include "prober/evidence/readme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deadair::prober::evidence {

namespace {

struct explanation {
    std::string_view name;
    std::string_view text;
};
constexpr std::array<explanation, 14> known{{
    {"system", "kernel and system version, host name, seconds since boot"},
    {"connections", "established TCP connections with timers, silence and keepalive; sockets"},
    {"tcp-counters", "this host's TCP counters: retransmissions, timeouts, resets"},
    {"interfaces", "network devices: MTU, packets, errors, drops, offloads"},
    {"addresses", "the addresses of those devices"},
    {"routes", "where packets go next"},
    {"neighbours", "who answers on the local network, and who does not"},
    {"conntrack", "this host's own connection tracking and its timeouts"},
    {"lookup", "what the server's name resolves to, and how long that took"},
    {"timing-server", "ten connections to the server, split into lookup, connect, TLS, answer"},
    {"timing-also", "the same to the URL of --also"},
    {"path-mtu", "the packet size that the path takes"},
    {"round-trips", "one connect a second: the round trip over time"},
    {"hops", "who answers on the way to the server, by TCP to its port"},
}};

std::string_view explain(const std::string& name)
{
    for (const auto& each : known)
        if (name.starts_with(each.name))
            return each.text;
    return "";
}

}  // namespace

part readme(std::span<const part> parts, const std::string& about)
{
    std::string text =
        std::string{
            "Evidence that deadair-prober gathered of a path and of this host's end of it.\n"} +
        about + "\nFiles\n";
    std::string notes;
    for (const auto& each : parts) {
        text += fmt::format("  {:<20} {}{}\n", each.name + ".txt", explain(each.name),
                            each.available ? "" : " (not available)");
        if (!each.available)
            notes += fmt::format("  {}: {}", each.name, each.text);
        for (const auto& note : each.notes)
            notes += fmt::format("  {}: {}\n", each.name, note);
    }
    text += "\nWhat stands out\n" + (notes.empty() ? std::string{"  nothing\n"} : notes);
    return {"README", true, text};
}

}  // namespace deadair::prober::evidence
