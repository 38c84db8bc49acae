#include "analysis/capture/other_end.hpp"

#include <algorithm>
#include <array>

#include "analysis/words/names.hpp"

namespace deadair::capture {

namespace {

constexpr std::array<std::string_view, 4> fate_names{
    "the other capture does not show the connection",
    "it did not come to the other place: it vanished between the captures",
    "it was answered at the other place: the answer vanished between the captures",
    "it passed both places, and was not answered beyond the other one"};

bool reaches(std::uint32_t number, std::uint32_t end)
{
    return static_cast<std::int32_t>(number - end) >= 0;
}

bool found_no_answer(const silence& of)
{
    return !of.unprompted && (of.result == outcome::lost || of.result == outcome::voided) &&
           of.unanswered > 0;
}

}  // namespace

std::string_view to_string(other_end::fate value)
{
    return name_of(value, fate_names);
}

void other_end::ask(conversation& of)
{
    for (auto& each : of.silences())
        if (found_no_answer(each)) {
            asked_.emplace(place{of.server(), each.way, each.sequence}, questions_.size());
            questions_.push_back({.of = &each});
        }
}

void other_end::on(const segment& seen)
{
    match(seen, seen.to, direction::to_server);
    match(seen, seen.from, direction::to_client);
    if (seen.flags.acknowledges)
        hear_answer(seen);
}

// The message itself, or what its end had sent before it.
void other_end::match(const segment& seen, const endpoint& server, direction way)
{
    const auto behind = seen.sequence + seen.payload + (seen.flags.syn ? 1U : 0U);
    const auto look = [&](std::uint32_t sequence, bool at_its_place) {
        const auto [first, last] = asked_.equal_range({server, way, sequence});
        for (auto each = first; each != last; ++each) {
            auto& asked = questions_[each->second];
            if (!asked.shown)
                flows_.emplace(flow{seen.to, seen.from}, each->second);
            asked.shown = true;
            const bool is_it = seen.payload > 0 || seen.flags.fin || asked.of->keepalive;
            asked.arrived = asked.arrived || (at_its_place && is_it);
        }
    };
    look(seen.sequence, true);
    if (behind != seen.sequence)
        look(behind, false);
}

void other_end::hear_answer(const segment& seen)
{
    const auto [first, last] = flows_.equal_range({seen.from, seen.to});
    for (auto each = first; each != last; ++each) {
        auto& asked = questions_[each->second];
        const auto end = asked.of->sequence + std::max(asked.of->payload, 1U);
        // What a keepalive asks for was acknowledged before, too.
        const bool tells = !asked.of->keepalive || asked.arrived;
        asked.answered = asked.answered || (tells && reaches(seen.acknowledged, end));
    }
}

std::map<other_end::fate, std::size_t> other_end::tell() const
{
    std::map<fate, std::size_t> count;
    for (const auto& each : questions_) {
        const auto what = !each.shown     ? fate::unknown
                          : !each.arrived ? fate::between
                          : each.answered ? fate::answered
                                          : fate::unanswered;
        ++count[what];
        each.of->elsewhere = to_string(what);
    }
    return count;
}

}  // namespace deadair::capture
