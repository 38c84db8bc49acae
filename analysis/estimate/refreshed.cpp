#include "analysis/estimate/refreshed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// One connection may have a reason of its own to die, or to live.
constexpr std::uint32_t answers_min = 2;
// So many deliveries outweigh one loss, which may be the path's.
constexpr std::uint32_t alive_for_one_dead = 2;

bool expires(const finding& each)
{
    return each.high && each.kind != finding_kind::none && each.kind != finding_kind::inconclusive;
}

// The silent stratum that differs in nothing but the refresh.
const finding* silent_twin(const stratum& where, std::span<const finding> silent)
{
    const finding* found = nullptr;
    for (const auto& each : silent)
        if (each.where.on == where.on && each.where.way == where.way && expires(each) &&
            (found == nullptr || *each.high > *found->high))
            found = &each;
    return found;
}

// A silent connection would not have lived as long: it would have been dead when it was probed; or
// this one ended by itself where silent ones end.
bool outlasts(const observation& each, const finding& twin)
{
    const bool ended_there = each.unprompted && is_dead(each) && twin.low &&
                             each.idle_age + each.idle_age_error >= *twin.low;
    return each.idle_age > *twin.high || ended_there;
}

// Nobody asks for a moment that was not recorded: the verdict is a little later.
nanoseconds moment_of(const observation& of)
{
    return of.sent_at.value_or(of.settled_at);
}

// What was opened and asked within so much of another is comparable.
nanoseconds tolerance(const observation& of)
{
    constexpr nanoseconds least = std::chrono::seconds{1};
    return least + of.connection_age / 4;
}

bool opened_beside(const observation& control, const observation& of)
{
    const auto apart =
        (moment_of(control) - control.connection_age) - (moment_of(of) - of.connection_age);
    return control.where.on == of.where.on && std::chrono::abs(apart) <= tolerance(of);
}

// Since it was opened, and until the other was asked.
bool was_silent_as_long(const observation& control, const observation& of)
{
    constexpr nanoseconds at_once = std::chrono::seconds{1};
    return control.connection_age - control.idle_age <= at_once &&
           of.idle_age - control.idle_age <= at_once &&
           std::chrono::abs(moment_of(control) - moment_of(of)) <= at_once;
}

// What became of the controls of one refreshed connection.
struct controls {
    bool silent_died{};
    bool silent_lived{};
    bool busy_died{};
    bool busy_lived{};

    bool show_that_it_counts() const { return silent_died && !silent_lived; }
    bool show_that_it_does_not() const { return busy_lived && !busy_died && !silent_lived; }
};

controls controls_of(const observation& of, const unrefreshed& beside)
{
    controls all;
    for (const auto& each : beside.silent) {
        if (each.where.way != of.where.way || !opened_beside(each, of))
            continue;
        all.silent_died |= is_dead(each) && each.idle_age - of.idle_age <= tolerance(of);
        all.silent_lived |= is_alive(each) && was_silent_as_long(each, of);
    }
    std::set<std::uint32_t> died;
    for (const auto& each : beside.busy) {
        if (!opened_beside(each, of))
            continue;
        const auto later = moment_of(each) - moment_of(of);
        if (is_dead(each) && later <= tolerance(of))
            died.insert(each.connection_id);
        all.busy_lived |= is_alive(each) && -later <= std::chrono::seconds{1};
    }
    // One of several may be packet loss.
    all.busy_died = died.size() >= answers_min || (!died.empty() && !all.busy_lived);
    return all;
}

// All that the connections of a stratum told, and what their controls bear out.
struct told {
    std::uint32_t lived{};
    std::uint32_t died{};
    std::uint32_t shown_to_live{};
    std::uint32_t shown_to_die{};
    std::uint32_t unexcused{};  // died, and no busy one beside them
    controls any;               // what some control did
    nanoseconds longest{};      // silence that one was shown to live, save the refresh
    std::optional<expiry> death{};
};

void add_life(told& to, const observation& each, const controls& with)
{
    ++to.lived;
    if (!with.show_that_it_counts())
        return;
    ++to.shown_to_live;
    to.longest = std::max(to.longest, each.idle_age - each.idle_age_error);
}

void add_death(told& to, const observation& each, const controls& with)
{
    ++to.died;
    to.shown_to_die += with.show_that_it_does_not() ? 1 : 0;
    to.unexcused += with.busy_died ? 0 : 1;
    const auto how = each.result == outcome::reset    ? expiry::reset
                     : each.result == outcome::closed ? expiry::closed
                     : each.result == outcome::late   ? expiry::late
                                                      : expiry::silent;
    to.death = to.death && *to.death != how ? expiry::mixed : how;
}

told told_by(std::span<const observation> seen, const finding& twin, const unrefreshed& beside)
{
    told all;
    for (const auto& each : seen) {
        const auto with = controls_of(each, beside);
        if (!outlasts(each, twin) && !with.silent_died)
            continue;
        all.any.silent_died |= with.silent_died;
        all.any.silent_lived |= with.silent_lived;
        all.any.busy_died |= with.busy_died;
        all.any.busy_lived |= with.busy_lived;
        if (is_alive(each))
            add_life(all, each, with);
        if (is_dead(each))
            add_death(all, each, with);
    }
    return all;
}

// Why nothing is shown.
std::string in_doubt(const told& by)
{
    const auto lived = by.lived;
    const auto died = by.died;
    if (lived + died == 0)
        return "not shown: nobody can vouch for any connection that was refreshed so";
    if (by.any.silent_lived)
        return "not shown: silent connections that were opened beside them lived as long";
    if (by.any.busy_died)
        return "not shown: busy connections that were opened beside them died, too, so it was no "
               "matter of silence";
    if (lived > 0 && died > 0)
        return fmt::format("{} of {} connections lived beyond the idle timeout; that tells nothing",
                           lived, lived + died);
    if (lived > 0 && !by.any.silent_died)
        return "not shown: no silent connection that was opened beside them was probed at the same "
               "moment";
    if (died > 0 && !by.any.busy_lived)
        return "not shown: no busy connection that was opened beside them was asked at the same "
               "moment";
    return fmt::format("not shown: only {} told, and one may have a reason of its own",
                       lived + died == 1 ? "one connection" : "one of the connections");
}

void describe_death(finding& found, const finding& twin)
{
    found.kind = finding_kind::timeout;
    found.idle_timeout = twin.idle_timeout;
    found.low = twin.low;
    found.high = twin.high;
    found.confidence = twin.confidence;
    found.note = "does not count: connections die as if nothing had been sent";
}

void describe_life(finding& found, const finding& twin, nanoseconds shown)
{
    found.kind = finding_kind::none;
    found.low = shown;
    found.confidence = twin.confidence;
    found.note = fmt::format(
        "counts: kept connections alive for {}, where silent ones beside them died; longer was "
        "not tried",
        format_duration(std::chrono::floor<std::chrono::seconds>(shown)));
}

}  // namespace

finding of_refreshed(const stratum& where, std::span<const observation> seen,
                     const unrefreshed& beside)
{
    finding found;
    found.where = where;
    const auto* const twin = silent_twin(where, beside.found);
    found.voided =
        static_cast<std::uint32_t>(std::ranges::count(seen, outcome::voided, &observation::result));
    const auto by = twin == nullptr ? told{} : told_by(seen, *twin, beside);
    found.delivered = by.lived;
    found.not_delivered = by.died;
    found.after_expiry = by.death;
    const bool counts =
        by.shown_to_live >= answers_min && by.shown_to_live >= alive_for_one_dead * by.unexcused;
    const bool in_vain = by.shown_to_die >= answers_min && by.lived == 0;
    if (twin == nullptr)
        found.note = "silent connections do not expire here, so nothing shows whether this counts";
    else if (counts)
        describe_life(found, *twin, by.longest);
    else if (in_vain)
        describe_death(found, *twin);
    else
        found.note = in_doubt(by);
    return found;
}

// A keepalive is answered by whoever ends TCP and goes no further; data does, and a close at the
// idle timeout is what a proxy does and a packet filter never.
void remark_on_proxies(std::span<finding> found)
{
    const auto any = [&](const finding& silent, refresh by, refresh_effect effect) {
        return std::ranges::any_of(found, [&](const finding& each) {
            return each.where.on == silent.where.on && each.where.how.by == by &&
                   effect_of(each) == effect;
        });
    };
    for (auto& each : found)
        if (each.where.how.by == refresh::none &&
            (each.after_expiry == expiry::closed || each.after_expiry == expiry::mixed) &&
            any(each, refresh::tcp_keepalive, refresh_effect::does_not_count) &&
            any(each, refresh::data, refresh_effect::counts))
            each.note +=
                std::string{each.note.empty() ? "" : " "} +
                "Something on the path ends TCP itself, such as a proxy or a load balancer: "
                "it closes in order, heeds data and no TCP keepalive.";
}

std::string_view to_string(refresh_effect value)
{
    switch (value) {
        case refresh_effect::counts:
            return "counts";
        case refresh_effect::does_not_count:
            return "does not count";
        case refresh_effect::inconclusive:
            return "inconclusive";
    }
    return "";
}

refresh_effect effect_of(const finding& refreshed)
{
    switch (refreshed.kind) {
        case finding_kind::none:
            return refresh_effect::counts;
        case finding_kind::timeout:
            return refresh_effect::does_not_count;
        default:
            return refresh_effect::inconclusive;
    }
}

}  // namespace deadair::estimate
