#include "prober/hops/plan/references.hpp"

namespace deadair::hops_plan {

namespace {

constexpr std::uint32_t each_late = 2;

}  // namespace

std::uint32_t how_many(const plan& of, references which)
{
    const std::uint32_t sides = of.from_server ? 2 : 1;
    return each_first * (1 + sides) + (which == references::with_late ? each_late * sides : 0);
}

std::vector<trial> references_of(const plan& of, references which)
{
    std::vector<trial> all;
    const auto add_refreshed = [&](nanoseconds age) {
        all.push_back({refresh_side::client, all_the_way, age});
        if (of.from_server)
            all.push_back({refresh_side::server, all_the_way, age});
    };
    for (std::uint32_t i = 0; i < each_first; ++i) {
        all.push_back({refresh_side::none, not_at_all, age_first(of)});
        add_refreshed(age_first(of));
    }
    for (std::uint32_t i = 0; which == references::with_late && i < each_late; ++i)
        add_refreshed(age_last(of));
    return all;
}

}  // namespace deadair::hops_plan
