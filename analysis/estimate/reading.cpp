#include "analysis/estimate/reading.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// Fewer are no search, and more than such a share of those before are not few.
constexpr std::size_t few_min = 12;
constexpr std::size_t few_share = 4;

struct life {
    nanoseconds opened{nanoseconds::max()};
    nanoseconds settled{};  ///< the last time that it was asked
};

// In the order in which they were opened; none where that is not known.
std::vector<life> lives_of(std::span<const observation> seen)
{
    std::map<std::uint32_t, life> lives;
    for (const auto& each : seen) {
        if (!each.sent_at)
            return {};
        auto& here = lives[each.connection_id];
        here.opened = std::min(here.opened, *each.sent_at - each.connection_age);
        here.settled = std::max(here.settled, each.settled_at);
    }
    std::vector<life> in_order;
    for (const auto& [connection, each] : lives)
        in_order.push_back(each);
    std::ranges::sort(in_order, {}, &life::opened);
    return in_order;
}

// Whether these are a search, with no more than that at a time at its beginning.
bool are_few(std::span<const life> these, std::size_t most)
{
    const auto first = std::ranges::min(these, {}, &life::settled).settled;
    const auto together =
        std::ranges::count_if(these, [&](const life& each) { return each.opened < first; });
    return these.size() >= few_min && static_cast<std::size_t>(together) <= most;
}

}  // namespace

by_stratum sorted(std::span<const observation> seen)
{
    by_stratum strata;
    for (const auto& each : seen)
        strata[each.where].push_back(each);
    return strata;
}

account account_of(reading by, double packet_loss)
{
    account found{std::move(by), {}, 0};
    found.pools = pools_of(sorted(found.by.seen), packet_loss);
    found.score = score_of(found.pools) - found.by.cost;
    return found;
}

double sharp_score_of(std::span<const observation> seen, double packet_loss)
{
    double sum = 0;
    for (const auto& [where, here] : sorted(seen))
        sum += fit_sharp(silences_of(here), packet_loss).log_likelihood;
    return sum;
}

std::optional<nanoseconds> began_anew(std::span<const observation> silent)
{
    const auto lives = lives_of(silent);
    nanoseconds settled{};
    for (std::size_t i = 0; i < lives.size(); ++i) {
        const auto rest = std::span{lives}.subspan(i);
        if (i >= few_share * few_min && lives[i].opened > settled && are_few(rest, i / few_share))
            return lives[i].opened;
        settled = std::max(settled, lives[i].settled);
    }
    return std::nullopt;
}

std::vector<observation> odd_of(std::span<const pool> pools)
{
    std::vector<observation> odd;
    for (const auto& each : pools) {
        // The odd ones are counted among those that are not void.
        std::vector<observation> telling;
        for (const auto& seen : each.seen)
            if (is_alive(seen) || is_dead(seen))
                telling.push_back(seen);
        for (const auto which : each.how.odd)
            odd.push_back(telling.at(which));
    }
    return odd;
}

}  // namespace deadair::estimate
