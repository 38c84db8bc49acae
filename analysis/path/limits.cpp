#include "analysis/path/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace deadair::path_limits {

namespace {

constexpr std::array<std::string_view, 4> names{"connections", "openings", "unreachable",
                                                "packets"};

// Fewer are refused or lost here and there.
constexpr std::size_t failures_min = 3;
// Less than one full segment: no large packet has passed, and small ones have.
constexpr std::uint64_t small_bytes = 1400;

std::string about(nanoseconds value)
{
    return format_duration(from_seconds(std::round(to_seconds(value) * 10) / 10));
}

std::string name_of(const path& on)
{
    return fmt::format("{} port {} {}", to_string(on.kind), on.server_port, to_string(on.family));
}

// Opened before, and not known to be gone.
std::size_t open_at(nanoseconds moment, std::span<const attempt> all)
{
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const attempt& each) {
        return each.opened && each.began < moment && each.over > moment;
    }));
}

// Paths on which every attempt failed, although others were opened.
std::map<path, std::vector<attempt>> unreachable_in(std::span<const attempt> all)
{
    std::map<path, std::vector<attempt>> failed;
    for (const auto& each : all)
        if (!each.opened)
            failed[each.on].push_back(each);
    const auto opened = [&](const path& on) {
        return std::ranges::any_of(
            all, [&](const attempt& each) { return each.opened && each.on == on; });
    };
    std::erase_if(failed, [&](const auto& each) { return opened(each.first); });
    return failed;
}

limit of_unreachable(const path& on, const std::vector<attempt>& failed)
{
    return {.what = kind::unreachable,
            .value = std::nullopt,
            .note = fmt::format("{}: no connection could be opened in {} attempts, the last: {}",
                                name_of(on), failed.size(), failed.back().why)};
}

// Every failure came while so many stood open, and none while fewer did.
std::optional<limit> of_number(std::span<const attempt> failed, std::span<const attempt> all)
{
    const auto most = open_at(failed.front().began, all);
    const bool always = std::ranges::all_of(
        failed, [&](const attempt& each) { return open_at(each.began, all) >= most; });
    if (!always || most == 0)
        return std::nullopt;
    // The control connection is one, too.
    return limit{.what = kind::connections,
                 .value = static_cast<double>(most + 1),
                 .note = fmt::format(
                     "no more than {} connections at a time, the control connection among them: {} "
                     "more were refused or not answered, each while so many stood open",
                     most + 1, failed.size())};
}

limit of_openings(std::span<const attempt> failed, std::span<const attempt> all)
{
    const auto first = failed.front().began;
    std::size_t before = 0;
    auto since = first;
    for (const auto& each : all)
        if (each.began < first) {
            ++before;
            since = std::min(since, each.began);
        }
    const auto last = std::ranges::max(failed, {}, &attempt::began).began;
    const bool later = std::ranges::any_of(
        all, [&](const attempt& each) { return each.opened && each.began > first; });
    return {.what = kind::openings,
            .value = static_cast<double>(before),
            .note = fmt::format(
                "{} connections could not be opened, from {} to {} into the run, after {} had "
                "been begun within {}{}: perhaps so many are taken for an attack; give a lower "
                "--open-rate",
                failed.size(), about(first), about(last), before, about(first - since),
                later ? "; more slowly, others were opened" : "")};
}

void add_openings(std::vector<limit>& to, std::span<const attempt> all)
{
    const auto lost = unreachable_in(all);
    for (const auto& [on, failed] : lost)
        to.push_back(of_unreachable(on, failed));
    std::vector<attempt> failed;
    for (const auto& each : all)
        if (!each.opened && !lost.contains(each.on))
            failed.push_back(each);
    if (failed.size() < failures_min)
        return;
    std::ranges::stable_sort(failed, {}, &attempt::began);
    to.push_back(of_number(failed, all).value_or(of_openings(failed, all)));
}

void add_packets(std::vector<limit>& to, std::span<const transfer> all)
{
    std::size_t up = 0;
    std::size_t stalled = 0;
    bool down = false;
    bool down_failed = false;
    std::uint64_t passed = 0;
    for (const auto& each : all) {
        up += each.upload ? 1 : 0;
        stalled += each.upload && !each.completed ? 1 : 0;
        down = down || (!each.upload && each.completed);
        down_failed = down_failed || (!each.upload && !each.completed);
        if (each.upload)
            passed = std::max(passed, each.moved_bytes);
    }
    if (stalled == 0 || stalled < up || passed >= small_bytes || down_failed)
        return;
    to.push_back(
        {.what = kind::packets,
         .value = static_cast<double>(passed),
         .note = fmt::format(
             "uploads stall on living connections ({} of {}, after {} bytes at most){}: large "
             "packets "
             "of the client's are lost; check the path's MTU and the MSS that is set on the way",
             stalled, up, passed, down ? ", downloads do not" : "")});
}

}  // namespace

std::string_view to_string(kind value)
{
    return names.at(static_cast<std::size_t>(value));
}

std::optional<kind> parse_kind(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    return found == names.end() ? std::nullopt
                                : std::optional{static_cast<kind>(found - names.begin())};
}

std::vector<limit> limits_of(std::span<const attempt> attempts, std::span<const transfer> transfers)
{
    std::vector<limit> found;
    add_openings(found, attempts);
    add_packets(found, transfers);
    return found;
}

}  // namespace deadair::path_limits
