#include "analysis/recommend/middleboxes.hpp"

#include <algorithm>
#include <utility>

#include "analysis/estimate/in_words.hpp"
#include "analysis/recommend/middleboxes_data.hpp"

namespace deadair::recommend {
namespace {

using estimate::expiry;
using estimate::finding;
using estimate::finding_kind;
using std::chrono::seconds;

/// Between what a timer is set to and what a run sees of it: the tick of the timer, and a clock
/// that is not ours.
nanoseconds tolerance(nanoseconds timeout)
{
    return std::max<nanoseconds>(seconds(2), timeout / 100);
}

/// Idle ages at which the binding went, as far as the run tells.
struct interval {
    nanoseconds low;
    nanoseconds high;
};

std::optional<interval> measured(const finding& found)
{
    if (found.kind == finding_kind::inconclusive || found.kind == finding_kind::none || !found.low)
        return std::nullopt;
    const auto high = found.high.value_or(found.idle_timeout.value_or(*found.low));
    return interval{*found.low, std::max(high, *found.low)};
}

bool meets(const interval& seen, nanoseconds from, nanoseconds to)
{
    const nanoseconds slack = tolerance(from);
    return from <= seen.high + slack && to >= seen.low - slack;
}

/// Whether a value that the product takes would explain what was seen.
bool can_be_set_to(const middlebox& box, const interval& seen)
{
    if (!box.settable)
        return false;
    const auto slack = tolerance(seen.low);
    const auto from = std::max<nanoseconds>(box.shortest, seen.low - slack - box.jitter);
    const auto to = std::min<nanoseconds>(box.longest, seen.high + slack);
    const nanoseconds step = box.step;
    const auto first = (from + step - nanoseconds(1)) / step * step;
    return first <= to;
}

bool same_ending(ending documented, std::optional<expiry> seen)
{
    if (!seen || *seen == expiry::mixed || documented == ending::unknown)
        return true;
    switch (*seen) {
        case expiry::silent:
        case expiry::late:
            return documented == ending::silent;
        case expiry::reset:
            return documented == ending::reset_next || documented == ending::reset_both;
        case expiry::closed:
            return documented == ending::fin || documented == ending::http_close;
        case expiry::mixed:
            break;
    }
    return true;
}

/// Collects what speaks for and against one product.
struct verdict {
    fit how{fit::as_shipped};
    std::string why;

    void worsen(fit to, const std::string& reason)
    {
        if (to < how)
            return;
        if (to > how)
            why.clear();
        how = to;
        why += (why.empty() ? "" : ", ") + reason;
    }
};

void judge_timeout(const middlebox& box, const finding& found, verdict& on)
{
    const auto documented = box.timeout(found.where.way);
    if (found.kind == finding_kind::none) {
        if (documented && *documented + box.jitter + tolerance(*documented) < *found.low)
            on.worsen(box.settable ? fit::if_configured : fit::excluded, "longer than its default");
        return;
    }
    const auto seen = *measured(found);
    if (documented && meets(seen, *documented, *documented + box.jitter))
        return;
    const auto value = estimate::value_in_words(found);
    if (can_be_set_to(box, seen))
        on.worsen(fit::if_configured, "set to " + value);
    else
        on.worsen(fit::excluded, "it cannot be set to " + value);
}

void judge_ending(const middlebox& box, const finding& found, verdict& on)
{
    const ending documented = box.end(found.where.way);
    if (same_ending(documented, found.after_expiry))
        return;
    if (box.if_set != ending::unknown && same_ending(box.if_set, found.after_expiry))
        on.worsen(fit::if_configured, "set to end with " + std::string(spoken(box.if_set)));
    else
        on.worsen(fit::excluded, "its ending differs");
}

/// Whether the transport measured can go through it at all.
bool passes(const middlebox& box, const finding& found)
{
    return !box.http_only || is_websocket(found.where.on.kind);
}

verdict judge(const middlebox& box, const finding& found, std::optional<bool> counts)
{
    verdict on;
    judge_timeout(box, found, on);
    judge_ending(box, found, on);
    if (!passes(box, found))
        on.worsen(fit::excluded, "it passes HTTP only");
    if (found.kind != finding_kind::none && counts && box.keepalive && *counts != *box.keepalive)
        on.worsen(fit::excluded, *counts ? "TCP keepalive does not count there, it did here"
                                         : "TCP keepalive counts there, it did not here");
    return on;
}

std::string full_name(const middlebox& box)
{
    return (box.vendor == box.product ? "" : std::string(box.vendor) + ' ') +
           std::string(box.product);
}

candidate describe(const middlebox& box, const finding& found, std::optional<bool> counts)
{
    auto [how, why] = judge(box, found, counts);
    const auto way = found.where.way;
    return {.id = box.id,
            .product = full_name(box),
            .documented = box.timeout(way),
            .at_expiry = spoken(box.end(way)),
            .how = how,
            .documented_by_vendor = !box.low_confidence,
            .why = std::move(why),
            .source = box.source,
            .version = box.version,
            .as_of = box.as_of};
}

bool tells_something(const finding& found)
{
    return measured(found) || (found.kind == finding_kind::none && found.low);
}

}  // namespace

std::vector<candidate> candidates(const finding& found, std::optional<bool> counts)
{
    std::vector<candidate> result;
    if (!tells_something(found))
        return result;
    for (const auto& box : middleboxes())
        if (passes(box, found))
            result.push_back(describe(box, found, counts));
    // What is documented in full comes before what is only not contradicted.
    std::ranges::stable_sort(result, {}, [](const candidate& one) {
        return std::pair(one.how, one.at_expiry == spoken(ending::unknown));
    });
    return result;
}

std::optional<candidate> judged(std::string_view id, const finding& found,
                                std::optional<bool> counts)
{
    const auto& all = middleboxes();
    const auto box = std::ranges::find(all, id, &middlebox::id);
    if (box == all.end() || !tells_something(found))
        return std::nullopt;
    return describe(*box, found, counts);
}

std::vector<middlebox_name> middlebox_names()
{
    std::vector<middlebox_name> names;
    for (const auto& box : middleboxes())
        names.push_back({box.id, full_name(box)});
    return names;
}

std::vector<std::string_view> middlebox_ids()
{
    std::vector<std::string_view> ids;
    for (const auto& box : middleboxes())
        ids.push_back(box.id);
    return ids;
}

}  // namespace deadair::recommend
