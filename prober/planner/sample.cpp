#include "prober/planner/sample.hpp"

#include <algorithm>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// As near to the edge as settings come to it, and no nearer than ages are exact to; and down to
// here, so that others lived longer than one that dies: that it is no edge of its own then is
// plain.
constexpr double just_below = 0.99;
constexpr double well_below = 0.90;
constexpr std::uint32_t steps_below = 8;
// What is asked at many ages: so many steps, from so much of the age at which the first died.
constexpr std::uint32_t steps = 12;
constexpr double lowest_share = 0.6;
constexpr std::uint32_t samples_max = 2;
// The first so many are asked within the interval that the search left, which narrows it.
constexpr std::uint32_t within_interval = 10;
// By then those that were dead are closed.
constexpr nanoseconds places_come_within = 10s;
// By then it has told.
constexpr double surely_over = 1.1;
// What lived to so much of the edge would hardly tell anything new.
constexpr double known_share = 0.5;

bool answered(const group& of)
{
    return of.settled.expired && of.settled.survived > nanoseconds{};
}

// What died below the answer, and not by packet loss.
std::vector<nanoseconds> died_early(const group& of, const view& see)
{
    const auto below = from_seconds(just_below * to_seconds(of.settled.survived));
    std::vector<nanoseconds> ages;
    for (const auto& each : see.known.failures())
        if (of.has(each.where) && each.age < below &&
            (!each.by_silence || each.units >= see.known.need()))
            ages.push_back(each.age);
    return ages;
}

}  // namespace

bool sample::begin(std::span<const group> groups, const view& see)
{
    const bool telling =
        std::ranges::any_of(groups, answered) &&
        std::ranges::none_of(groups, [&](const group& each) { return see.now > has_until(each); });
    const bool odd = std::ranges::any_of(
        groups, [&](const group& each) { return !died_early(each, see).empty(); });
    if (begun_ >= samples_max || !telling || (begun_ > 0 && !odd))
        return false;
    ++begun_;
    appointed_.clear();
    const auto known = known_to_live(groups, see).size();
    const auto left = see.connections.useful() - static_cast<std::uint32_t>(known);
    to_open_ = see.wanted.connections - std::min(see.wanted.connections, left);
    opens_until_ = see.now + from_seconds(to_open_ / see.wanted.open_rate) + places_come_within;
    new_from_ = see.connections.ever_opened() + 1;
    return true;
}

std::vector<connection_id> sample::known_to_live(std::span<const group> groups,
                                                 const view& see) const
{
    std::vector<connection_id> known;
    for (const auto& of : groups)
        for (const auto& each : see.connections.all())
            if (each.is == standing::idle && answered(of) && of.has(each.survived_in) &&
                to_seconds(each.survived) >= known_share * to_seconds(of.settled.survived))
                known.push_back(each.id);
    return known;
}

// Who tells of the end by itself does so at an exact age, and needs no question until then.
// One that died may be the only one of its kind: then others are asked at that age. Where several
// did, it is to be seen from which age on they die.
nanoseconds sample::age_for(const group& of, const view& see) const
{
    if (ends_by_itself(of, see))
        return from_seconds(surely_over * to_seconds(*of.settled.expired)) + 1s;
    const auto interval = *of.settled.expired - of.settled.survived;
    if (turn_ <= within_interval)
        return of.settled.survived + interval * turn_ / (within_interval + 1);
    const auto early = begun_ > 1 ? died_early(of, see) : std::vector<nanoseconds>{};
    const double edge = just_below * to_seconds(of.settled.survived);
    const bool many_ages = early.size() > 1;
    const double lowest = many_ages ? lowest_share * to_seconds(std::ranges::min(early))
                                    : well_below * to_seconds(of.settled.survived);
    const auto count = many_ages ? steps : steps_below;
    return from_seconds(lowest + (edge - lowest) * (turn_ / see.ways() % count + 1) / count);
}

void sample::appoint(std::vector<appointment>& waiting, std::span<const group> groups,
                     const view& see)
{
    const auto ways = see.ways();
    if (begun_ == 0)
        return;
    for (const auto& each : see.connections.all()) {
        const bool met =
            std::ranges::find(waiting, each.id, &appointment::connection) != waiting.end();
        if (each.is != standing::idle || !appointed_.insert(each.id).second || met)
            continue;
        const auto where = static_cast<stratum_index>(each.on * ways + turn_++ % ways);
        const auto of =
            std::ranges::find_if(groups, [&](const group& one) { return one.has(where); });
        if (of == groups.end() || !answered(*of))
            continue;
        const auto age = age_for(*of, see);
        if (each.age(see.now) <= age)
            waiting.push_back({each.id, where, age});
    }
}

bool sample::gathers(const pool& connections) const
{
    return to_open_ > 0 || std::ranges::any_of(connections.all(), [&](const connection& each) {
               return begun_ > 0 && each.id >= new_from_ && each.is == standing::opening;
           });
}

}  // namespace deadair::planner
