#include "prober/hops/plan/control_path.hpp"

#include <algorithm>

namespace deadair::hops_plan {

namespace {

constexpr int each_kind = 3;
constexpr std::ptrdiff_t enough = 2;
// So far below the idle timeout that nothing of the same one is gone.
constexpr double below_times = 0.85;

nanoseconds age_below(const plan& of)
{
    return from_seconds(below_times * to_seconds(of.timeout_low));
}

}  // namespace

std::vector<trial> trials_of_control_path(const plan& of)
{
    std::vector<trial> all;
    for (int i = 0; i < each_kind; ++i) {
        all.push_back({refresh_side::none, not_at_all, age_below(of)});
        all.push_back({refresh_side::none, not_at_all, age_first(of)});
        all.push_back({refresh_side::client, all_the_way, age_first(of)});
    }
    return all;
}

control_path judge_control_path(const plan& of, std::span<const seen> results)
{
    const auto count = [&](const trial& what, bool lived) {
        return std::ranges::count_if(results, [&](const seen& each) {
            const bool delivered = each.result == outcome::delivered;
            const bool told = delivered || each.result == outcome::lost ||
                              each.result == outcome::reset || each.result == outcome::closed;
            return each.what == what && told && delivered == lived;
        });
    };
    const trial below{refresh_side::none, not_at_all, age_below(of)};
    const trial beyond{refresh_side::none, not_at_all, age_first(of)};
    const trial refreshed{refresh_side::client, all_the_way, age_first(of)};
    if (count(beyond, true) >= enough && count(beyond, false) <= 1)
        return control_path::lives;
    // Those that died may have died of something else, unless refreshed ones lived meanwhile.
    if (count(refreshed, true) < enough || count(refreshed, false) > 1 ||
        count(beyond, false) < enough || count(beyond, true) > 0)
        return control_path::untold;
    if (count(below, false) >= enough && count(below, true) == 0)
        return control_path::forgets_earlier;
    return count(below, true) >= enough ? control_path::forgets : control_path::untold;
}

}  // namespace deadair::hops_plan
