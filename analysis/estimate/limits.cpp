// Ends that are not due to the silence, but to the connection's age, or to others that came after.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/opening.hpp"
#include "analysis/estimate/reading.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

constexpr double cost_of_age = 3;
constexpr double cost_of_room = 4;
// So many connections may have a reason of their own. Busy ones have none: two of them suffice.
constexpr std::size_t aged_min = 3;
constexpr std::size_t aged_busy_min = 2;
constexpr std::size_t crowded_out_min = 4;
// Of as large a crowd no more may survive than such a share of those that gave way.
constexpr double survivors_max = 0.4;
// Counting the others takes the square of this.
constexpr std::size_t counted_max = 6000;

std::size_t connections_in(std::span<const observation> seen)
{
    std::set<std::uint32_t> all;
    for (const auto& each : seen)
        all.insert(each.connection_id);
    return all.size();
}

// Leaves out what did not live and exceeds the limit; keeps a copy of it.
template <class Exceeds>
std::vector<observation> leave_out(std::vector<observation>& seen, Exceeds exceeds)
{
    std::vector<observation> out;
    for (auto& each : seen)
        if (is_dead(each) && exceeds(each)) {
            out.push_back(each);
            each.result = outcome::voided;
        }
    return out;
}

// Of what was left out, what was silent for less than others survived: only the limit explains it.
std::vector<observation> only_by_limit(std::span<const observation> out,
                                       std::span<const observation> rest, double packet_loss)
{
    nanoseconds survived{};
    for (const auto& each : rest)
        if (is_alive(each))
            survived = std::max(survived, each.idle_age - each.idle_age_error);
    std::vector<observation> only;
    for (const auto& each : out) {
        const auto one = silences_of({&each, 1});
        if (log_premature(one.front(), to_seconds(survived), packet_loss) < -6 &&
            each.idle_age + each.idle_age_error < survived)
            only.push_back(each);
    }
    return only;
}

struct packet {
    nanoseconds at{};
    std::uint32_t connection{};
};

// When each connection was opened and heard of, in order of time.
std::vector<packet> packets_of(std::span<const observation> all)
{
    std::vector<packet> packets;
    std::set<std::uint32_t> opened;
    for (const auto& each : all) {
        if (!each.sent_at)
            continue;
        if (opened.insert(each.connection_id).second)
            packets.push_back({*each.sent_at - each.connection_age, each.connection_id});
        if (is_alive(each))
            packets.push_back({*each.sent_at, each.connection_id});
    }
    std::ranges::sort(packets, {}, &packet::at);
    return packets;
}

// How many others were heard of in this silence.
std::uint32_t crowd_of(const observation& seen, std::span<const packet> packets)
{
    std::set<std::uint32_t> others;
    const auto from = *seen.sent_at - seen.idle_age + seen.idle_age_error;
    for (auto each = std::ranges::upper_bound(packets, from, {}, &packet::at);
         each != packets.end() && each->at < *seen.sent_at; ++each)
        if (each->connection != seen.connection_id)
            others.insert(each->connection);
    return static_cast<std::uint32_t>(others.size());
}

// Without those that may have given way to others.
std::vector<observation> without_crowded(std::span<const observation> seen,
                                         std::span<const std::uint32_t> crowds, std::uint32_t room)
{
    std::vector<observation> left{seen.begin(), seen.end()};
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (is_dead(seen[i]) && crowds[i] > room)
            left[i].result = outcome::voided;
    return left;
}

/// So many others have room beside a connection.
struct fitted_room {
    std::uint32_t room{};
    double survivors{};  ///< of larger crowds, of those that might have had to give way
    double score{-never};
};

// Crowds are counted by what the run itself did, so that some are larger, to the middlebox, than
// they seem, and survivors of a crowd too large speak against it, but do not exclude it.
fitted_room fit_room(std::uint32_t room, std::span<const observation> seen,
                     std::span<const std::uint32_t> crowds, double packet_loss)
{
    auto first = nanoseconds::max();
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (is_dead(seen[i]) && crowds[i] > room)
            first = std::min(first, seen[i].idle_age);
    fitted_room found{room, 0, 0};
    for (std::size_t i = 0; i < seen.size(); ++i)
        found.survivors +=
            is_alive(seen[i]) && crowds[i] > room && seen[i].idle_age >= first ? 1 : 0;
    found.score =
        sharp_score_of(without_crowded(seen, crowds, room), packet_loss) - found.survivors;
    return found;
}

std::optional<fitted_room> best_room(std::span<const observation> seen,
                                     std::span<const std::uint32_t> crowds, double packet_loss)
{
    std::set<std::uint32_t> rooms;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (is_dead(seen[i]) && crowds[i] > 0)
            rooms.insert(crowds[i] - 1);
    std::optional<fitted_room> best;
    for (const auto each : rooms) {
        const auto one = fit_room(each, seen, crowds, packet_loss);
        if (!best || one.score > best->score)
            best = one;
    }
    return best;
}

/// The oldest that lived, if those opened alike that did not take longer than most, and as it
/// surely was.
struct lived {
    nanoseconds seemingly{};
    nanoseconds surely{};
};

nanoseconds usual_of(const std::map<std::uint32_t, nanoseconds>& openings)
{
    std::vector<nanoseconds> all;
    for (const auto& [connection, took] : openings)
        all.push_back(took);
    if (all.empty())
        return 0ns;
    const auto middle = all.begin() + std::ssize(all) / 2;
    std::ranges::nth_element(all, middle);
    return *middle;
}

lived oldest_of(std::span<const observation> all)
{
    const auto openings = openings_of(all);
    const auto usual = usual_of(openings);
    lived oldest;
    for (const auto& each : all) {
        if (!is_alive(each))
            continue;
        const auto age = each.connection_age - each.idle_age_error;
        const auto opening = openings.at(each.connection_id);
        oldest.seemingly = std::max(oldest.seemingly, age - std::max(opening - usual, 0ns));
        oldest.surely = std::max(oldest.surely, age - opening);
    }
    return oldest;
}

}  // namespace

std::optional<reading> by_age(const account& plain, const surroundings& beside)
{
    const auto survived = oldest_of(beside.all);
    reading found{.why = explanation::age, .seen = plain.by.seen, .cost = cost_of_age};
    const auto out = leave_out(found.seen, [&](const observation& each) {
        return each.connection_age + each.idle_age_error > survived.seemingly;
    });
    auto telling = only_by_limit(out, plain.by.seen, beside.packet_loss);
    // Without their moments nothing tells whether others that came after were the reason.
    std::erase_if(telling, [](const observation& each) { return !each.sent_at; });
    const bool aged = connections_in(telling) >= aged_min;
    std::vector<observation> busy;
    for (const auto& each : beside.all)
        if (is_dead(each) && each.where.how.from == refresh_side::both &&
            each.connection_age + each.idle_age_error > survived.seemingly)
            busy.push_back(each);
    if (!aged && connections_in(busy) < aged_busy_min)
        return std::nullopt;
    // That busy ones are cut is known then, and no freedom.
    if (connections_in(busy) >= aged_busy_min)
        found.cost = 0;
    telling.insert(telling.end(), busy.begin(), busy.end());
    std::ranges::sort(telling, {}, &observation::connection_age);
    found.age_low = survived.surely;
    found.age_high = telling.at(1).connection_age + telling.at(1).idle_age_error;
    return found;
}

std::optional<reading> by_room(const account& plain, const surroundings& beside)
{
    const auto& seen = plain.by.seen;
    if (beside.all.size() > counted_max || !began_anew(seen))
        return std::nullopt;
    const auto packets = packets_of(beside.all);
    std::vector<std::uint32_t> crowds;
    for (const auto& each : seen)
        crowds.push_back(each.sent_at ? crowd_of(each, packets) : 0);
    const auto room = best_room(seen, crowds, beside.packet_loss);
    if (!room)
        return std::nullopt;
    reading found{.why = explanation::room, .seen = seen, .cost = cost_of_room + room->survivors};
    found.seen = without_crowded(seen, crowds, room->room);
    std::vector<observation> out;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (found.seen[i].result != seen[i].result)
            out.push_back(seen[i]);
    if (connections_in(only_by_limit(out, seen, beside.packet_loss)) < crowded_out_min ||
        room->survivors > survivors_max * static_cast<double>(out.size()))
        return std::nullopt;
    found.crowd = room->room;
    return found;
}

}  // namespace deadair::estimate
