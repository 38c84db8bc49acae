#include "analysis/estimate/asked.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace deadair::estimate {

namespace {

// The last probe of a run that tried everything may be sent a little before the longest silence.
constexpr double tried_enough = 0.98;

bool is_silent(const finding& one)
{
    return one.where.how.by == refresh::none && one.kind != finding_kind::absolute_age;
}

bool expired(const finding& one)
{
    return one.not_delivered > 0 || one.high.has_value();
}

bool tried(nanoseconds survived, const asked& wanted)
{
    // A run that ended in order asked about everything, and each survivor a little less than that.
    if (wanted.ended_in_order || !wanted.idle_max)
        return wanted.ended_in_order;
    return to_seconds(survived) >= to_seconds(*wanted.idle_max) * tried_enough;
}

void add_missing(std::vector<finding>& to, const stratum& where, std::string why)
{
    if (std::ranges::find(to, where, &finding::where) != to.end())
        return;
    finding missing;
    missing.where = where;
    missing.note = std::move(why);
    to.push_back(std::move(missing));
}

std::string why_unmeasured(const stratum& where, const asked& wanted)
{
    const auto found = wanted.unreachable.find(where.on);
    return found == wanted.unreachable.end()
               ? "asked for, and not measured: no probe of it has a verdict"
               : "not measured: no connection could be opened: " + found->second;
}

std::string why_untried(means how, nanoseconds expired)
{
    if (how.by == refresh::tcp_keepalive && expired < keepalive_timeout_min)
        return fmt::format(
            "cannot be tried: silent connections are gone after {}, and keepalive's "
            "shortest interval is {}",
            format_duration(std::chrono::ceil<std::chrono::milliseconds>(expired)),
            format_duration(keepalive_interval_min));
    return "asked for, and not tried: no connection that was refreshed so has a verdict";
}

// By when the silent ones of a stratum are gone.
std::optional<nanoseconds> expired_by(std::span<const finding> found, const stratum& where)
{
    std::optional<nanoseconds> last;
    for (const auto& each : found)
        if (each.where == where && each.high)
            last = std::max(last.value_or(*each.high), *each.high);
    return last;
}

}  // namespace

void add_unmeasured(std::vector<finding>& found, const asked& wanted)
{
    for (const auto& each : wanted.strata) {
        add_missing(found, each, why_unmeasured(each, wanted));
        const auto expired = expired_by(found, each);
        for (const auto how : wanted.refreshes)
            if (expired && (how.by != refresh::ws_ping || is_websocket(each.on.kind)))
                add_missing(found, {.on = each.on, .way = each.way, .how = how},
                            why_untried(how, *expired));
    }
    std::ranges::stable_sort(found, {}, &finding::where);
}

bool is_unmeasured(const finding& one)
{
    return one.kind == finding_kind::inconclusive && one.why == explanation::unsettled &&
           one.delivered == 0 && one.not_delivered == 0;
}

bool only_the_client_spoke(std::span<const finding> found)
{
    const auto answered = [](const finding& one, direction way) {
        return is_silent(one) && one.where.way == way && one.low &&
               one.kind != finding_kind::inconclusive;
    };
    return std::ranges::any_of(found, [&](const finding& one) {
        const auto& on = one.where.on;
        return answered(one, direction::to_server) &&
               std::ranges::none_of(found, [&](const finding& other) {
                   const auto& there = other.where.on;
                   return answered(other, direction::to_client) &&
                          there.server_port == on.server_port && there.family == on.family;
               });
    });
}

std::optional<nanoseconds> survived_so_far(std::span<const finding> found, const asked& wanted)
{
    std::optional<nanoseconds> least;
    for (const auto& each : found) {
        if (!is_silent(each))
            continue;
        if (expired(each))
            return std::nullopt;
        if (each.low)
            least = std::min(least.value_or(*each.low), *each.low);
    }
    return least && !tried(*least, wanted) ? least : std::nullopt;
}

namespace {

bool is_answer(const finding& one)
{
    const bool known = one.low || one.why == explanation::random;
    return one.kind == finding_kind::absolute_age ||
           (is_silent(one) && known && one.kind != finding_kind::inconclusive);
}

// Why no stratum has an answer, where that is known.
std::string why_none(std::span<const finding> found)
{
    if (std::ranges::any_of(found, is_answer))
        return {};
    const auto known = std::ranges::find_if(found, [](const finding& each) {
        return is_silent(each) && !is_unmeasured(each) && !each.note.empty();
    });
    return known == found.end() ? std::string{} : known->note;
}

// As likely wrong as right, and why.
std::string in_doubt(std::span<const finding> found)
{
    constexpr double even = 0.5;
    const auto first = std::ranges::find_if(found, [](const finding& each) {
        return is_silent(each) && each.kind == finding_kind::timeout && each.confidence <= even &&
               !each.note.empty();
    });
    return first == found.end() ? std::string{}
                                : fmt::format("{}: {}", describe(first->where), first->note);
}

}  // namespace

std::string still_open(std::span<const finding> found, const asked& wanted)
{
    std::vector<std::string> parts;
    if (const auto survived = survived_so_far(found, wanted))
        parts.push_back(fmt::format("nothing has expired yet, after {} of silence: run on until {}",
                                    format_duration(*survived),
                                    wanted.idle_max ? format_duration(*wanted.idle_max)
                                                    : std::string{"it ends by itself"}));
    if (auto why = why_none(found); !why.empty())
        parts.push_back(std::move(why));
    if (auto doubt = in_doubt(found); !doubt.empty())
        parts.push_back(std::move(doubt));
    // What cannot be reached is told, and left out: no more is to be found out of it.
    std::vector<std::string> missing;
    for (const auto& each : found)
        if (is_silent(each) && is_unmeasured(each) && !wanted.unreachable.contains(each.where.on))
            missing.push_back(describe(each.where));
    if (!missing.empty())
        parts.push_back(fmt::format("not measured: {}", fmt::join(missing, ", ")));
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace deadair::estimate
