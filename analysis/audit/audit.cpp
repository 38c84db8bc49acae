#include "analysis/audit/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/words/names.hpp"

namespace deadair::audit {

namespace {

bool is_loopback(const std::string& address)
{
    return address.starts_with("127.") || address == "::1";
}

bool stays_here(const connection& of)
{
    return is_loopback(of.remote.address) || of.remote.address == of.local.address;
}

// The keepalive's timer was set at the last packet or before, so it fires no later than a whole
// idle time after it.
std::optional<keepalive_age> keepalive_of(const connection& of)
{
    if (of.keepalive && !of.keepalive->on)
        return std::nullopt;
    if (of.keepalive)
        return keepalive_age{std::max(of.keepalive->idle, of.keepalive->interval), true};
    if (of.running == timer::keepalive)
        return keepalive_age{of.since_received + of.expires, false};
    return std::nullopt;
}

verdict verdict_on(const connection& of, const std::optional<keepalive_age>& seen,
                   std::optional<nanoseconds> timeout)
{
    if (stays_here(of))
        return verdict::local;
    if (!timeout)
        return verdict::kept;
    if (seen && seen->at >= *timeout)
        return verdict::too_late;
    if (seen)
        return seen->exact ? verdict::kept : verdict::unknown;
    // While something is retransmitted, that timer hides the keepalive's.
    const bool hidden = !of.keepalive && of.running != timer::none;
    return hidden ? verdict::unknown : verdict::no_keepalive;
}

std::string subject(const group& of)
{
    const auto count = of.members.size();
    const auto& first = of.members.front().of;
    const auto owner = first.owner ? fmt::format("{} (pid {})", first.owner->name, first.owner->pid)
                                   : std::string{"an unknown process"};
    return fmt::format("{} connection{} of {} to {}", count, count == 1 ? "" : "s", owner,
                       to_string(first.remote));
}

std::string keepalive_ages(const group& of)
{
    const auto [first, last] = std::ranges::minmax_element(
        of.members, {}, [](const judged& each) { return each.keepalive->at; });
    const auto low = format_duration(first->keepalive->at);
    const auto high = format_duration(last->keepalive->at);
    return low == high ? low : fmt::format("{} to {}", low, high);
}

// Few know that a short TCP_KEEPIDLE alone does not make keepalives frequent.
std::string by_interval(const group& of)
{
    const auto by = [](const judged& each) {
        const auto& set = each.of.keepalive;
        return set && set->interval > set->idle;
    };
    return std::ranges::all_of(of.members, by) ? " (the first comes sooner; TCP_KEEPINTVL parts it "
                                                 "from the next)"
                                               : "";
}

// Those that were silent for longer need no prophecy.
std::string already(const group& of, nanoseconds timeout)
{
    const auto count = std::ranges::count_if(
        of.members, [&](const judged& each) { return each.of.silent > timeout; });
    if (count == 0)
        return "";
    return fmt::format("; {} silent for longer already",
                       count == 1 ? "1 has been" : fmt::format("{} have been", count));
}

std::string sentence(const group& of, std::optional<nanoseconds> timeout)
{
    const bool one = of.members.size() == 1;
    const auto who = subject(of);
    switch (of.members.front().how) {
        case verdict::no_keepalive:
            return fmt::format("{} {} no keepalive and would be dropped{}", who,
                               one ? "has" : "have", already(of, *timeout));
        case verdict::too_late:
            return fmt::format("{} {} a keepalive only after {}{} and would be dropped{}", who,
                               one ? "sends" : "send", keepalive_ages(of), by_interval(of),
                               already(of, *timeout));
        case verdict::unknown:
            return fmt::format("{} cannot be judged: ask as root to see when a keepalive is sent",
                               who);
        case verdict::local:
            return fmt::format("{} {} not leave this host", who, one ? "does" : "do");
        case verdict::kept:
            break;
    }
    if (!timeout)
        return fmt::format("{} {} no keepalive on this path", who, one ? "needs" : "need");
    return fmt::format("{} {} a keepalive after {}, in time", who, one ? "sends" : "send",
                       keepalive_ages(of));
}

}  // namespace

std::string to_string(const endpoint& value)
{
    return value.address.find(':') == std::string::npos
               ? fmt::format("{}:{}", value.address, value.port)
               : fmt::format("[{}]:{}", value.address, value.port);
}

std::string_view to_string(timer value)
{
    constexpr std::array<std::string_view, 4> names{"none", "retransmission", "keepalive",
                                                    "zero_window"};
    return name_of(value, names);
}

std::string_view to_string(verdict value)
{
    constexpr std::array<std::string_view, 5> names{"kept", "no_keepalive", "too_late", "unknown",
                                                    "local"};
    return name_of(value, names);
}

judged judge(const connection& of, std::optional<nanoseconds> timeout)
{
    const auto seen = keepalive_of(of);
    return {.of = of, .keepalive = seen, .how = verdict_on(of, seen, timeout)};
}

std::vector<group> grouped(std::span<const judged> all, std::optional<nanoseconds> timeout)
{
    std::map<std::tuple<verdict, int, std::string>, group> found;
    for (const auto& each : all) {
        const int pid = each.of.owner ? each.of.owner->pid : 0;
        found[{each.how, pid, to_string(each.of.remote)}].members.push_back(each);
    }
    std::vector<group> sorted;
    for (auto& [key, each] : found) {
        each.sentence = sentence(each, timeout);
        sorted.push_back(std::move(each));
    }
    std::ranges::stable_sort(sorted, [](const group& a, const group& b) {
        const bool risk = at_risk(a.members.front().how);
        return risk != at_risk(b.members.front().how) ? risk : a.members.size() > b.members.size();
    });
    return sorted;
}

}  // namespace deadair::audit
