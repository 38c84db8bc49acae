#include "analysis/estimate/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/estimate/in_words.hpp"
#include "analysis/words/names.hpp"

namespace deadair::estimate {

namespace {

bool expired(const finding& one)
{
    return one.low && one.high && one.kind != finding_kind::none &&
           one.kind != finding_kind::inconclusive;
}

bool survived(const finding& one)
{
    return one.kind == finding_kind::none && one.low;
}

bool dies_alike(const finding& left, const finding& right)
{
    return !left.after_expiry || !right.after_expiry || *left.after_expiry == *right.after_expiry;
}

change expired_both(const finding& left, const finding& right)
{
    const bool apart = *left.high < *right.low || *right.high < *left.low;
    const bool alike = left.kind == right.kind && dies_alike(left, right);
    return apart || !alike ? change::differs : change::same;
}

change against(const finding& left, const finding& right)
{
    if (survived(left) && survived(right))
        return change::same;
    if (expired(left) && expired(right))
        return expired_both(left, right);
    const auto& none = survived(left) ? left : right;
    const auto& timeout = survived(left) ? right : left;
    // To have survived less than the other's timeout contradicts nothing.
    if (survived(none) && expired(timeout) && *none.low >= *timeout.high)
        return change::differs;
    return change::uncertain;
}

void by_age(std::vector<finding>& rows)
{
    std::ranges::sort(rows, {}, [](const finding& one) { return one.low.value_or(nanoseconds{}); });
}

change judge(const stratum_change& of)
{
    if (of.after.empty())
        return change::only_before;
    if (of.before.empty())
        return change::only_after;
    if (of.before.size() != of.after.size())
        return change::differs;
    auto worst = change::same;
    for (std::size_t i = 0; i < of.before.size(); ++i) {
        const auto one = against(of.before[i], of.after[i]);
        if (one == change::differs)
            return one;
        worst = std::max(worst, one);
    }
    return worst;
}

std::string in_words(std::span<const finding> rows)
{
    std::string text;
    for (const auto& one : rows)
        text += (text.empty() ? "" : " and ") + in_words(one);
    return text.empty() ? "not measured" : text;
}

}  // namespace

std::string_view to_string(change value)
{
    constexpr std::array<std::string_view, 5> names{"same", "differs", "uncertain", "only_before",
                                                    "only_after"};
    return name_of(value, names);
}

std::vector<stratum_change> compare(std::span<const finding> before, std::span<const finding> after)
{
    std::map<stratum, stratum_change> strata;
    for (const auto& one : before)
        strata[one.where].before.push_back(one);
    for (const auto& one : after)
        strata[one.where].after.push_back(one);
    std::vector<stratum_change> changes;
    for (auto& [where, one] : strata) {
        one.where = where;
        by_age(one.before);
        by_age(one.after);
        one.what = judge(one);
        one.sentence = fmt::format("{}: {} before, {} after", describe(where), in_words(one.before),
                                   in_words(one.after));
        changes.push_back(std::move(one));
    }
    return changes;
}

}  // namespace deadair::estimate
