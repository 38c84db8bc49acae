#include "analysis/recommend/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimate/asked.hpp"
#include "analysis/estimate/comparison.hpp"
#include "analysis/estimate/in_words.hpp"
#include "analysis/recommend/middleboxes.hpp"
#include "analysis/words/names.hpp"

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

/// Some more than is asked for, so that a probe is sent beyond it.
std::string max_idle(nanoseconds wanted)
{
    return fmt::format("--max-idle {:.0f}s", std::ceil(to_seconds(wanted) * 1.01 + 2));
}

judgement of_stratum(const finding& one, nanoseconds wanted)
{
    const auto asked = format_duration(wanted);
    const auto said = fmt::format("{}: {}", describe(one.where), estimate::in_words(one));
    if (one.kind == finding_kind::inconclusive || !one.low)
        return {compliance::inconclusive, said, max_idle(wanted)};
    if (*one.low >= wanted && one.confidence < confidence_min)
        return {compliance::inconclusive,
                fmt::format("{}, at least {}, but with a confidence of {:.0f} % only", said, asked,
                            std::floor(100 * one.confidence)),
                max_idle(wanted)};
    if (*one.low >= wanted)
        return {compliance::met, fmt::format("{}, at least {}", said, asked), {}};
    if (one.kind == finding_kind::none)
        return {compliance::inconclusive, fmt::format("{}, not tried up to {}", said, asked),
                max_idle(wanted)};
    if (one.kind == finding_kind::spread || one.high.value_or(*one.low) < wanted)
        return {compliance::not_met, fmt::format("{}, less than {}", said, asked), {}};
    return {compliance::inconclusive,
            fmt::format("{}, which may be less than {} or more", said, asked),
            max_idle(wanted) + " --resolution 20ms"};
}

// The first of the worst.
judgement worst_of(std::span<const judgement> all)
{
    return *std::ranges::max_element(all, {}, &judgement::how);
}

judgement half_measured()
{
    return {
        compliance::inconclusive,
        "what the server says first after a silence was not measured, only what the client does: "
        "measure that too, with deadair-echo-server on the far side",
        {}};
}

judgement nothing_measured()
{
    return {compliance::inconclusive, "no stratum has an answer", "--max-idle 2h"};
}

}  // namespace

std::string_view to_string(compliance value)
{
    constexpr std::array<std::string_view, 3> names{"met", "inconclusive", "not met"};
    return name_of(value, names);
}

judgement idle_timeout_at_least(std::span<const finding> found, nanoseconds wanted)
{
    std::vector<judgement> all;
    for (const auto& one : found)
        if (one.where.how.by == refresh::none)
            all.push_back(of_stratum(one, wanted));
    if (estimate::only_the_client_spoke(found))
        all.push_back(half_measured());
    return all.empty() ? nothing_measured() : worst_of(all);
}

judgement setting_at_least(std::span<const finding> found, std::span<const recommendation> settings,
                           setting_name setting, nanoseconds wanted)
{
    const bool answered = std::ranges::any_of(found, [](const finding& one) {
        return one.where.how.by == refresh::none && one.kind != finding_kind::inconclusive;
    });
    const auto one = std::ranges::find(settings, setting, &recommendation::setting);
    if (!answered || one == settings.end())
        return nothing_measured();
    if (!one->value && estimate::only_the_client_spoke(found))
        return half_measured();
    if (!one->value)
        return {compliance::not_met, fmt::format("{}: {}", to_string(setting), one->reason), {}};
    const bool enough = from_seconds(*one->value) >= wanted;
    return {enough ? compliance::met : compliance::not_met,
            fmt::format("{} is {:g} s, {} {}: {}", to_string(setting), *one->value,
                        enough ? "at least" : "less than", format_duration(wanted), one->reason),
            {}};
}

judgement unchanged(std::span<const finding> before, std::span<const finding> after)
{
    std::vector<judgement> all;
    for (const auto& one : estimate::compare(before, after)) {
        if (one.what == estimate::change::same)
            all.push_back({compliance::met, one.sentence, {}});
        else if (one.what == estimate::change::differs)
            all.push_back({compliance::not_met, one.sentence, {}});
        else
            all.push_back({compliance::inconclusive, one.sentence,
                           fmt::format("--transport {} --direction {}",
                                       to_string(one.where.on.kind), to_string(one.where.way))});
    }
    return all.empty() ? nothing_measured() : worst_of(all);
}

judgement consistent_with(std::string_view id, std::span<const finding> found,
                          std::chrono::year_month today)
{
    std::vector<judgement> all;
    for (const auto& one : expect(id, found, today))
        all.push_back({one.agrees ? compliance::met : compliance::not_met, one.sentence, {}});
    return all.empty() ? nothing_measured() : worst_of(all);
}

}  // namespace deadair::recommend
