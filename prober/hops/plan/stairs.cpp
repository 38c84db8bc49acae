#include "prober/hops/plan/stairs.hpp"

#include <algorithm>

namespace deadair::hops_plan {

namespace {

// So many deaths are no chance: each needs several lost packets in a row.
constexpr std::size_t deaths_enough = 2;

bool lived(const seen& one)
{
    return one.result == outcome::delivered;
}

bool died(const seen& one)
{
    return one.result == outcome::lost || one.result == outcome::reset ||
           one.result == outcome::closed;
}

/// Of one end, by how far its keepalives reach; the server's own hop stands for all the way.
class seen_from_one_end {
public:
    seen_from_one_end(const plan& of, std::span<const seen> results) : of_{of}, all_{results} {}

    int reach(const seen& one) const { return std::min(one.what.hops, of_.server_hop); }

    // A delivery is never false: whatever reaches as far lives as long.
    nanoseconds survived(int hops) const
    {
        auto longest = of_.timeout_low;
        for (const auto& each : all_)
            if (lived(each) && reach(each) <= hops)
                longest = std::max(longest, each.idle_age);
        return longest;
    }

    bool contradicted(const seen& one) const
    {
        return died(one) && survived(reach(one)) >= one.idle_age;
    }

    // Idle ages of those that died and reach from `hops` to `last`, shortest first.
    std::vector<nanoseconds> deaths(int hops, int last) const
    {
        std::vector<nanoseconds> ages;
        for (const auto& each : all_)
            if (died(each) && reach(each) >= hops && reach(each) <= last && !contradicted(each))
                ages.push_back(each.idle_age);
        std::ranges::sort(ages);
        return ages;
    }

    // By then what reaches so far is gone; nullopt: that is not certain.
    std::optional<nanoseconds> gone_by(int hops) const
    {
        if (hops == not_at_all)
            return of_.timeout_high;
        const auto ages = deaths(hops, of_.server_hop - 1);
        return ages.size() < deaths_enough ? std::nullopt : std::optional{ages[deaths_enough - 1]};
    }

    // None of those that reach so far died as early.
    bool is_clean(int hops, nanoseconds age) const
    {
        return std::ranges::none_of(all_, [&](const seen& each) {
            return died(each) && reach(each) == hops && each.idle_age <= age;
        });
    }

private:
    const plan& of_;
    std::span<const seen> all_;
};

// The farthest reach of which it is certain that it does not save from a box that forgets by then.
int dead_within(const seen_from_one_end& end, int from, int alive, nanoseconds by)
{
    for (int hops = alive - 1; hops > from; --hops) {
        const auto ages = end.deaths(hops, alive - 1);
        if (std::ranges::count_if(ages, [&](nanoseconds each) { return each <= by; }) >=
            std::ptrdiff_t{deaths_enough})
            return hops;
    }
    return from;
}

}  // namespace

stairs stairs_of(const plan& of, std::span<const seen> results)
{
    const seen_from_one_end end{of, results};
    stairs found;
    for (const auto& each : results)
        found.contradicted += end.contradicted(each) ? 1 : 0;
    int from = not_at_all;
    while (from < of.server_hop) {
        const auto gone = end.gone_by(from);
        if (!gone)
            break;
        int next = from + 1;
        while (next <= of.server_hop && end.survived(next) <= *gone)
            ++next;
        if (next > of.server_hop) {
            found.lost_later = gone;
            break;
        }
        const auto by = end.survived(next);
        // Where some of those that reach as far died as well, it may be the next one.
        int clean = next;
        while (clean < of.server_hop && !end.is_clean(clean, by))
            ++clean;
        found.all.push_back({.dead_within = dead_within(end, from, next, by),
                             .alive_from = clean,
                             .low = end.survived(next - 1),
                             .high = *gone});
        from = next;
    }
    return found;
}

}  // namespace deadair::hops_plan
