#include "analysis/estimate/accounts.hpp"

#include <algorithm>
#include <utility>

#include "analysis/estimate/common_beat.hpp"
#include "analysis/estimate/renewal.hpp"

namespace deadair::estimate {

namespace {

constexpr double cost_of_renewal = 3;
// One binding that one end's data renews has one timeout, whichever way is asked.
constexpr double cost_of_parting = 5;
// An explanation so good needs no other.
constexpr double good_enough = -3;

reading counted_from(direction by, std::span<const observation> silent)
{
    return {.why = explanation::one_end,
            .seen = renewed_only_by(by, silent),
            .cost = cost_of_renewal,
            .renewed_by = by};
}

reading counted_from_own(std::span<const observation> silent)
{
    return {.why = explanation::each_end, .seen = renewed_by_own(silent), .cost = cost_of_renewal};
}

// Where something died, it has to be explained: who leaves all of it out explains nothing.
bool explains_all(const account& other, const account& plain)
{
    return std::ranges::all_of(plain.pools, [&](const pool& each) {
        return std::ranges::all_of(each.members, [&](const stratum& where) {
            return home_of(where, other.pools) != nullptr;
        });
    });
}

// What leaves out what another cause ended may leave any shape.
bool leaves_out(const reading& by)
{
    return by.why == explanation::age || by.why == explanation::room ||
           by.why == explanation::flush;
}

// Of two timeouts only the shorter is read: a stratum of which all deaths have the other has none.
bool has_two_timeouts(const reading& by)
{
    return by.why == explanation::load || by.why == explanation::promotion ||
           by.why == explanation::policy_change;
}

// Counting otherwise explains something only if all is sharp then.
bool is_sharp(const account& one)
{
    return std::ranges::all_of(
        one.pools, [](const pool& each) { return each.sharp() && each.how.odd.empty(); });
}

std::optional<account> whole_account_of(reading by, double packet_loss)
{
    if (leaves_out(by))
        return account_of(std::move(by), packet_loss);
    if (!may_be_sharp(sorted(by.seen), packet_loss))
        return std::nullopt;
    auto one = account_of(std::move(by), packet_loss);
    return is_sharp(one) ? std::optional{std::move(one)} : std::nullopt;
}

bool both_ways(std::span<const observation> silent)
{
    return std::ranges::any_of(silent, [&](const observation& each) {
        return each.where.way != silent.front().where.way;
    });
}

// Each way has timeouts of its own.
bool is_parted_by_way(const account& one)
{
    const auto one_way = [](const pool& each) {
        return std::ranges::all_of(each.members, [&](const stratum& where) {
            return where.way == each.members.front().way;
        });
    };
    return one.pools.size() > 1 && std::ranges::all_of(one.pools, one_way);
}

std::vector<account> others_than(const account& plain, const surroundings& beside)
{
    std::vector<account> all;
    const auto& silent = plain.by.seen;
    if (both_ways(silent)) {
        for (auto each : {counted_from(direction::to_server, silent),
                          counted_from(direction::to_client, silent), counted_from_own(silent)}) {
            auto one = whole_account_of(std::move(each), beside.packet_loss);
            if (!one || !explains_all(*one, plain))
                continue;
            if (one->by.renewed_by && is_parted_by_way(*one))
                one->score -= cost_of_parting;
            all.push_back(std::move(*one));
        }
    }
    for (const auto read : {by_age, by_room, by_flush, by_tick, by_change, by_load, by_promotion})
        if (auto by = read(plain, beside))
            if (auto one = whole_account_of(std::move(*by), beside.packet_loss);
                one && (!has_two_timeouts(one->by) || explains_all(*one, plain)))
                all.push_back(std::move(*one));
    return all;
}

}  // namespace

const pool* home_of(const stratum& where, std::span<const pool> pools)
{
    const auto found = std::ranges::find_if(pools, [&](const pool& each) {
        return std::ranges::find(each.members, where) != each.members.end();
    });
    return found == pools.end() ? nullptr : &*found;
}

chosen choose(std::span<const observation> silent, std::span<const observation> all,
              double packet_loss)
{
    const surroundings beside{all, packet_loss};
    auto plain = account_of({.seen = {silent.begin(), silent.end()}}, packet_loss);
    double by_chance = 0;
    for (const auto& each : plain.pools)
        by_chance += log_of_common_beat(each.seen);
    if (plain.score + by_chance > good_enough) {
        // Busy connections that were cut as well say what the silent ones cannot.
        // Nothing died that another outlived: who opened a few late did so for another reason.
        if (!by_age(plain, beside))
            return {std::move(plain), {}, false};
    }
    auto others = others_than(plain, beside);
    for (auto& each : others)
        if (each.by.why == explanation::tick)
            each.score -= by_chance;
    others.push_back(std::move(plain));
    std::ranges::stable_sort(others, std::ranges::greater{}, &account::score);
    chosen found{std::move(others.front()), {}, began_anew(silent).has_value()};
    for (auto each = others.begin() + 1; each != others.end(); ++each)
        if (each->score > found.best.score - decided_above)
            found.rivals.push_back(std::move(*each));
    return found;
}

}  // namespace deadair::estimate
