#include "prober/evidence/host_parts.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>

#include "analysis/host/counters.hpp"
#include "analysis/host/tcp_connections.hpp"

namespace deadair::prober::evidence {

namespace {

part system()
{
    utsname name{};
    if (::uname(&name) != 0)
        return {"system", false, "the kernel does not tell its name\n"};
    return {"system", true,
            fmt::format("kernel {} {} {} on {}\nhost {}\nup {}\n{}", name.sysname, name.release,
                        name.version, name.machine, name.nodename, host::read_file("/proc/uptime"),
                        host::read_file("/etc/os-release"))};
}

std::string line_of(const audit::connection& each)
{
    auto line = fmt::format("{} -> {} silent {:.3f} s, round trip {:.3f} ms, retransmitted {}",
                            audit::to_string(each.local), audit::to_string(each.remote),
                            to_seconds(each.silent), to_seconds(each.round_trip) * 1000,
                            each.retransmitted);
    if (each.running != audit::timer::none)
        line += fmt::format(", timer {} in {:.3f} s", audit::to_string(each.running),
                            to_seconds(each.expires));
    if (each.keepalive)
        line += each.keepalive->on
                    ? fmt::format(", keepalive after {}", format_duration(each.keepalive->idle))
                    : std::string{", no keepalive"};
    if (each.owner)
        line += fmt::format(", {} (pid {})", each.owner->name, each.owner->pid);
    return line + "\n";
}

part connections()
{
    std::string text;
    const auto all = host::tcp_connections();
    // Our own are silent on purpose.
    const auto bare = std::ranges::count_if(all, [](const audit::connection& each) {
        const bool ours = each.owner && each.owner->pid == ::getpid();
        return !ours && each.keepalive && !each.keepalive->on;
    });
    for (const auto& each : all)
        text += line_of(each);
    part found{
        "connections", true,
        fmt::format("{} established TCP connections; those without a process belong to others\n"
                    "{}\n{}",
                    all.size(), text, host::read_file("/proc/thread-self/net/sockstat"))};
    if (bare > 0)
        found.notes.push_back(
            fmt::format("{} of {} connections have no keepalive; deadair-analysis audit names them",
                        bare, all.size()));
    return found;
}

part counters()
{
    std::string text;
    for (const auto& each : host::tcp_counters())
        text += fmt::format("{} {:.0f}\n", each.name, each.value);
    if (text.empty())
        return {"tcp-counters", false, "/proc/net/snmp and netstat cannot be read\n"};
    return {"tcp-counters", true, "since this network namespace came up\n" + text};
}

// This very host may be a middlebox, too: containers and local firewalls track connections.
part conntrack()
{
    namespace fs = std::filesystem;
    const fs::path folder{"/proc/sys/net/netfilter"};
    std::error_code none;
    std::map<std::string, std::string> values;
    for (const auto& entry : fs::directory_iterator{folder, none})
        if (entry.path().filename().string().starts_with("nf_conntrack_"))
            values[entry.path().filename().string()] = host::read_file(entry.path().string());
    if (values.empty())
        return {"conntrack", false, "this host does not track connections\n"};
    std::string text;
    for (const auto& [name, value] : values)
        text += fmt::format("{} = {}", name, value.empty() ? "not readable\n" : value);
    part found{"conntrack", true, text};
    // The module may be there without a rule that wants it: then nothing is tracked, nor forgotten.
    const auto number = [&](const char* name) {
        const auto one = values.find(name);
        return one == values.end() ? 0 : std::atoi(one->second.c_str());
    };
    if (number("nf_conntrack_count") == 0)
        found.text += "\nNo connection is tracked at this moment: no rule asks for it.\n";
    else if (const auto established = values.find("nf_conntrack_tcp_timeout_established");
             established != values.end())
        found.notes.push_back(fmt::format(
            "this host tracks connections itself, and forgets established TCP after {} s",
            std::atoi(established->second.c_str())));
    return found;
}

part guarded(const char* name, part (*collect)())
{
    try {
        return collect();
    } catch (const std::exception& problem) {
        return {name, false, fmt::format("not available: {}\n", problem.what())};
    }
}

}  // namespace

std::vector<part> host_parts()
{
    return {guarded("system", system),         guarded("connections", connections),
            guarded("tcp-counters", counters), guarded("interfaces", interfaces),
            guarded("addresses", addresses),   guarded("routes", routes),
            guarded("neighbours", neighbours), guarded("conntrack", conntrack)};
}

}  // namespace deadair::prober::evidence
