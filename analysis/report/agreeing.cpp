#include "analysis/report/agreeing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

namespace deadair::report {

namespace {

using estimate::finding;

bool says_the_same(const finding& one, const finding& other)
{
    if (one.kind == estimate::finding_kind::none && other.kind == one.kind)
        return one.note == other.note;  // each was asked about a little more or less
    return one.kind == other.kind && one.idle_timeout == other.idle_timeout &&
           one.low == other.low && one.high == other.high && one.share == other.share &&
           one.after_expiry == other.after_expiry && one.note == other.note;
}

void add(finding& to, const finding& other)
{
    to.delivered += other.delivered;
    to.not_delivered += other.not_delivered;
    to.voided += other.voided;
    to.confidence = std::min(to.confidence, other.confidence);
    if (to.low && other.low)
        to.low = std::min(*to.low, *other.low);
}

/// What differs between the strata of a run; the rest need not be said.
struct scope {
    std::set<std::pair<std::uint16_t, address_family>> places;

    explicit scope(std::span<const finding> found)
    {
        for (const auto& each : found)
            places.insert({each.where.on.server_port, each.where.on.family});
    }

    std::string place(const stratum& of) const
    {
        return places.size() < 2
                   ? ""
                   : fmt::format(" port {} {}", of.on.server_port, to_string(of.on.family));
    }
};

template <class Value>
std::string listed(const std::vector<Value>& all)
{
    std::vector<std::string_view> words;
    for (const auto each : all)
        words.push_back(to_string(each));
    return fmt::format("{}", fmt::join(words, ", "));
}

template <class Value>
void put(std::vector<Value>& into, Value one)
{
    if (std::ranges::find(into, one) == into.end())
        into.push_back(one);
}

// "tls, wss to_client, to_server", where it is each of the ones in each of the others.
std::string combined(const std::vector<stratum>& all, const scope& within)
{
    std::vector<transport> kinds;
    std::vector<direction> ways;
    std::vector<std::string> places;
    for (const auto& each : all) {
        put(kinds, each.on.kind);
        put(ways, each.way);
        put(places, within.place(each));
    }
    if (kinds.size() * ways.size() * places.size() == all.size())
        return fmt::format("{} {}{}", listed(kinds), listed(ways), fmt::join(places, ","));
    std::vector<std::string> names;
    for (const auto& each : all)
        names.push_back(fmt::format("{} {}{}", to_string(each.on.kind), to_string(each.way),
                                    within.place(each)));
    return fmt::format("{}", fmt::join(names, "; "));
}

}  // namespace

std::string name_of(const std::vector<stratum>& strata, std::span<const finding> within)
{
    const auto name = combined(strata, scope{within});
    std::set<stratum> silent;
    for (const auto& each : within)
        if (each.where.how.by == refresh::none)
            silent.insert(each.where);
    return strata.size() > 1 && strata.size() == silent.size()
               ? fmt::format("all {}: {}", in_letters(silent.size()), name)
               : name;
}

std::vector<agreeing> agreeing_of(std::span<const finding> found)
{
    std::vector<agreeing> groups;
    for (const auto& each : found) {
        if (each.where.how.by != refresh::none)
            continue;
        const auto like = std::ranges::find_if(groups, [&](const agreeing& group) {
            return says_the_same(group.one, each) &&
                   std::ranges::find(group.strata, each.where) == group.strata.end();
        });
        if (like == groups.end()) {
            groups.push_back({.one = each, .strata = {each.where}, .name = {}});
            continue;
        }
        add(like->one, each);
        like->strata.push_back(each.where);
    }
    for (auto& each : groups)
        each.name = name_of(each.strata, found);
    return groups;
}

std::string in_letters(std::size_t count)
{
    constexpr std::array words{"two",   "three", "four", "five",   "six",   "seven",
                               "eight", "nine",  "ten",  "eleven", "twelve"};
    return count >= 2 && count - 2 < words.size() ? words.at(count - 2) : fmt::format("{}", count);
}

}  // namespace deadair::report
