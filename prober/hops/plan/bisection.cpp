#include "prober/hops/plan/bisection.hpp"

#include <algorithm>

#include "prober/hops/plan/references.hpp"

namespace deadair::hops_plan {

namespace {

constexpr std::uint32_t each_least = 2;  // of a kind: one alone may be an accident

std::uint32_t reaches(const plan& of)
{
    return static_cast<std::uint32_t>(of.server_hop - 1);
}

// Reaches of both rounds, for each side, at most.
std::uint32_t tried(const plan& of, std::uint32_t stride)
{
    return reaches(of) / stride + stride - 1;
}

// The first round tries every reach that is a multiple of it: with the root of all the fewest.
std::uint32_t stride_of(const plan& of)
{
    std::uint32_t best = 1;
    for (std::uint32_t stride = 2; stride <= reaches(of); ++stride)
        if (tried(of, stride) < tried(of, best))
            best = stride;
    return best;
}

std::vector<refresh_side> sides_of(const plan& of)
{
    return of.from_server ? std::vector{refresh_side::client, refresh_side::server}
                          : std::vector{refresh_side::client};
}

std::vector<trial> so_many_of_each(const std::vector<trial>& kinds, std::size_t connections)
{
    std::vector<trial> all;
    const auto each =
        kinds.empty() ? 0 : std::min<std::size_t>(connections / kinds.size(), each_first);
    for (const auto& kind : kinds)
        all.insert(all.end(), each, kind);
    return all;
}

// The nearest reach that saved a connection; the server's own does.
int alive_from(const plan& of, refresh_side from, std::span<const seen> results)
{
    int nearest = of.server_hop;
    for (const auto& each : results)
        if (each.what.from == from && each.result == outcome::delivered)
            nearest = std::min(nearest, each.what.hops);
    return nearest;
}

int dead_until(refresh_side from, int alive, std::span<const seen> results)
{
    int farthest = not_at_all;
    for (const auto& each : results)
        if (each.what.from == from && each.what.hops < alive && each.result != outcome::voided)
            farthest = std::max(farthest, each.what.hops);
    return farthest;
}

}  // namespace

bool is_bisected(const plan& of)
{
    return of.connections <
           how_many(of, references::with_late) + sides_of(of).size() * reaches(of) * each_first;
}

std::uint32_t bisection_least(const plan& of)
{
    return how_many(of, references::first_age_alone) +
           static_cast<std::uint32_t>(sides_of(of).size()) * each_least * tried(of, stride_of(of));
}

std::vector<trial> first_round(const plan& of)
{
    auto all = references_of(of, references::first_age_alone);
    const auto stride = stride_of(of);
    // As many as leave the same for each kind of the second round.
    const auto kinds_later = sides_of(of).size() * (stride - 1);
    std::vector<trial> kinds;
    for (auto hops = stride; hops <= reaches(of); hops += stride)
        for (const auto from : sides_of(of))
            kinds.push_back({from, static_cast<int>(hops), age_first(of)});
    const auto left = of.connections - all.size();
    const auto more = so_many_of_each(kinds, left * kinds.size() / (kinds.size() + kinds_later));
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::vector<trial> second_round(const plan& of, std::span<const seen> results)
{
    if (!is_bisected(of))
        return {};
    std::vector<trial> kinds;
    for (const auto from : sides_of(of)) {
        const int alive = alive_from(of, from, results);
        for (int hops = dead_until(from, alive, results) + 1; hops < alive; ++hops)
            kinds.push_back({from, hops, age_first(of)});
    }
    return so_many_of_each(kinds, of.connections - first_round(of).size());
}

}  // namespace deadair::hops_plan
