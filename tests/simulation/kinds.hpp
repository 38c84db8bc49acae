#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/simulation/boxes.hpp"
#include "tests/simulation/simulator.hpp"

/// Middleboxes that are not one sharp timer, and what a run has to say of each.
namespace deadair::simulation {

/// One of a kind, drawn at random, with what is true of it.
struct drawn_box {
    box_ptr box;
    std::optional<nanoseconds> death{};  ///< the shortest silence that kills
    std::optional<nanoseconds> age{};    ///< at which all are cut
    nanoseconds longest{};               ///< silence after which nothing lives; for the wall time
};

/// Of all runs, in %: what is reached, less what chance does to some dozens of runs. Wanted are 95,
/// 99, 0.5 and 99, and four times T and a minute.
struct limits {
    double right_min{};
    double held_min{};
    double harmful_max{};
    double in_time_min{};
    double relative_max{};  ///< mean of the wall time over T; no share
};

struct kind_of_box {
    std::string_view name;
    std::function<drawn_box(random_source&)> draw;
    std::vector<estimate::explanation> right;
    limits within{};
    bool expires{true};  ///< silence kills
};
const std::vector<kind_of_box>& kinds_of_box();

/// What many runs against boxes of one kind amount to, in % of the runs.
struct verdicts {
    double right{};     ///< a right explanation, or none that was settled
    double named{};     ///< a right explanation
    double held{};      ///< no finding contradicts the truth
    double harmful{};   ///< a setting, not marked, that kills connections
    double marked{};    ///< the same, marked
    double in_time{};   ///< ended within 4 T + 60 s
    double relative{};  ///< mean of the wall time over T
};
verdicts verdicts_on(const kind_of_box& kind, int runs, std::uint64_t seed);

}  // namespace deadair::simulation
