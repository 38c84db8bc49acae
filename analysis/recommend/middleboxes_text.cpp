#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/estimate/in_words.hpp"
#include "analysis/recommend/middleboxes.hpp"
#include "analysis/recommend/refreshes.hpp"

namespace deadair::recommend {
namespace {

using estimate::expiry;
using estimate::finding;
using estimate::finding_kind;
using std::chrono::seconds;

/// How many products a sentence names before it counts the rest.
constexpr std::size_t named_most = 3;

/// What a NAT is asked to keep an established connection for. Source: RFC 5382, REQ-5.
constexpr seconds nat_keeps_at_least{7440};

std::string_view spoken(expiry value)
{
    switch (value) {
        case expiry::silent:
            return " in silence";
        case expiry::reset:
            return " with a reset";
        case expiry::closed:
            return " with an orderly close";
        case expiry::late:
            return ", with late answers";
        case expiry::mixed:
            break;
    }
    return "";
}

/// "350 s with a reset"; "nothing expired up to 2 h".
std::string measured_text(const finding& found)
{
    if (found.kind == finding_kind::none)
        return "nothing expired up to " + format_duration(*found.low);
    std::string text = estimate::value_in_words(found);
    if (found.after_expiry)
        text += spoken(*found.after_expiry);
    return text;
}

std::string documented_text(const candidate& one, std::chrono::year_month today)
{
    return (one.documented ? format_duration(*one.documented) : std::string("no default")) + ", " +
           std::string(one.at_expiry) + (one.version.empty() ? "" : ", ") +
           std::string(one.version) + age_in_words(one.as_of, today);
}

/// "A (350 s, silent), B (350 s, silent) and 3 more"
std::string listed(std::span<const candidate* const> chosen, std::chrono::year_month today)
{
    std::string text;
    const std::size_t shown = std::min(chosen.size(), named_most);
    for (std::size_t i = 0; i < shown; ++i) {
        text += i == 0 ? "" : i + 1 == chosen.size() ? " and " : ", ";
        text += chosen[i]->product + " (" + documented_text(*chosen[i], today) + ")";
    }
    if (chosen.size() > shown)
        text += " and " + std::to_string(chosen.size() - shown) + " more";
    return text;
}

template <typename Wanted>
std::vector<const candidate*> those(std::span<const candidate> all, Wanted wanted)
{
    std::vector<const candidate*> result;
    for (const auto& one : all)
        if (wanted(one))
            result.push_back(&one);
    return result;
}

/// Findings that one sentence holds for: the same timeout and ending, in whatever direction and
/// transport. What nothing else is known of than that it survived goes together.
using alike = std::vector<const finding*>;

std::vector<alike> grouped(std::span<const finding> found)
{
    std::map<std::string, alike> groups;
    std::vector<std::string> order;
    for (const auto& one : found) {
        if (one.where.how.by != refresh::none || !one.low || one.kind == finding_kind::inconclusive)
            continue;
        const auto key = one.kind == finding_kind::none ? std::string{} : measured_text(one);
        if (groups[key].empty())
            order.push_back(key);
        groups[key].push_back(&one);
    }
    std::vector<alike> result;
    result.reserve(order.size());
    for (const auto& key : order)
        result.push_back(std::move(groups[key]));
    return result;
}

/// Products that all of them pass through. What fits one may be excluded by another: the worse
/// decides.
std::vector<candidate> candidates_for(const alike& group, std::optional<bool> counts)
{
    auto all = candidates(*group.front(), counts);
    for (const auto* other : group) {
        auto again = candidates(*other, counts);
        std::erase_if(all, [&](candidate& one) {
            const auto same = std::ranges::find(again, one.id, &candidate::id);
            if (same != again.end() && same->how > one.how)
                one = std::move(*same);
            return same == again.end();
        });
    }
    return all;
}

const finding& shortest(const alike& group)
{
    return **std::ranges::min_element(group, {}, [](const finding* one) { return *one->low; });
}

std::string sentence_for(const alike& group, std::optional<bool> counts,
                         std::chrono::year_month today)
{
    const auto all = candidates_for(group, counts);
    const auto& found = shortest(group);
    const auto fits = [&](fit how, bool by_vendor = true) {
        return those(all, [&](const candidate& one) {
            return one.how == how && one.documented_by_vendor == by_vendor;
        });
    };
    const auto excluded = fits(fit::excluded);
    std::string text = measured_text(found);
    if (all.empty() || (found.kind == finding_kind::none && excluded.empty()))
        return {};
    if (found.kind == finding_kind::none)
        return text + ": excluded: " + listed(excluded, today);

    const auto as_shipped = fits(fit::as_shipped);
    text += as_shipped.empty() ? ": no product in our list behaves so as shipped"
                               : ": consistent with " + listed(as_shipped, today);
    if (const auto reported = fits(fit::as_shipped, false); !reported.empty())
        text += "; reported by users, not by the vendor: " + listed(reported, today);
    if (const auto settable = fits(fit::if_configured); !settable.empty())
        text += "; could be set so: " + listed(settable, today);
    if (!excluded.empty())
        text += "; excluded: " + listed(excluded, today);
    return text;
}

}  // namespace

std::string age_in_words(std::optional<std::chrono::year_month> as_of,
                         std::chrono::year_month today)
{
    if (!as_of)
        return ", of unknown date";
    constexpr std::chrono::months year{12};
    const auto age = today - *as_of;
    if (age <= year)
        return {};
    const auto years = age / year;
    return fmt::format(", as of {}, {} ago", static_cast<int>(as_of->year()),
                       years == 1 ? std::string("a year") : fmt::format("{} years", years));
}

std::string candidate_sentence(const finding& found, std::optional<bool> counts,
                               std::chrono::year_month today)
{
    return sentence_for({&found}, counts, today);
}

std::string standards_sentence(const finding& found)
{
    if (!found.low || found.kind == finding_kind::inconclusive)
        return {};
    const std::string rule = "RFC 5382 (REQ-5) asks a NAT to keep an established connection for " +
                             format_duration(nat_keeps_at_least) + " at least: ";
    if (found.kind == finding_kind::none)
        return rule + (*found.low >= nat_keeps_at_least
                           ? "kept here"
                           : "not contradicted here, nothing expired up to " +
                                 format_duration(*found.low));
    if (found.high.value_or(*found.low) < nat_keeps_at_least)
        return rule + estimate::value_in_words(found) + " is less";
    return rule + "kept here";
}

std::vector<std::string> middlebox_sentences(std::span<const finding> found,
                                             std::chrono::year_month today)
{
    const auto counts = usefulness_of(found, refresh::tcp_keepalive).counts;
    std::vector<std::string> result;
    alike shortest_of_each;
    for (const auto& group : grouped(found)) {
        shortest_of_each.push_back(&shortest(group));
        if (auto sentence = sentence_for(group, counts, today); !sentence.empty())
            result.push_back(std::move(sentence));
    }
    if (!shortest_of_each.empty())
        result.push_back(standards_sentence(shortest(shortest_of_each)));
    return result;
}

std::optional<expectation> expect(std::string_view id, const finding& found,
                                  std::optional<bool> counts, std::chrono::year_month today)
{
    auto one = judged(id, found, counts);
    if (!one)
        return std::nullopt;
    std::string text = one->product +
                       (one->documented_by_vendor ? ": documented " : ": reported ") +
                       documented_text(*one, today) + "; measured " + measured_text(found) + " " +
                       std::string(to_string(found.where.way)) + ": ";
    text += one->how == fit::as_shipped      ? "they agree"
            : one->how == fit::if_configured ? "possible where it is configured: " + one->why
                                             : "not this product, or not alone: " + one->why;
    text += " (" + std::string(one->source) + ")";
    const bool agrees = one->how != fit::excluded;
    return expectation{std::move(*one), agrees, std::move(text)};
}

std::vector<expectation> expect(std::string_view id, std::span<const finding> found,
                                std::chrono::year_month today)
{
    const auto counts = usefulness_of(found, refresh::tcp_keepalive).counts;
    std::vector<expectation> result;
    for (const auto& one : found) {
        if (one.where.how.by != refresh::none || !one.low)
            continue;
        auto said = expect(id, one, counts, today);
        if (said &&
            std::ranges::find(result, said->sentence, &expectation::sentence) == result.end())
            result.push_back(std::move(*said));
    }
    return result;
}

}  // namespace deadair::recommend
