#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/analysis/estimate/boxes.hpp"

/// Middleboxes that are not one sharp timer, and what is right of each.
namespace deadair::estimate::boxes {

struct known_box {
    std::string name;
    middlebox box;
    run_like like;
    explanation why{};
    std::optional<double> death_s{};  ///< the shortest silence that kills; none: no silence does
    std::optional<double> age_s{};    ///< at which all are cut
    double low_min_s{};               ///< a finding that says nothing is no finding
};

inline middlebox sweep(double timeout_s, double period_s, double phase_s = 0.3)
{
    return [=](const asked& one) {
        const double due = one.silent_since_s + timeout_s;
        return phase_s + std::ceil((due - phase_s) / period_s) * period_s;
    };
}

inline middlebox by_connection(double shortest_s, double more_s)
{
    return [=](const asked& one) {
        return one.silent_since_s + shortest_s + more_s * drawn(one.connection);
    };
}

inline middlebox by_silence(double shortest_s, double more_s)
{
    return [=](const asked& one) {
        return one.silent_since_s + shortest_s + more_s * drawn(one.connection, one.messages + 1);
    };
}

inline double loses_all_at_15_s(const asked& one)
{
    const double end = one.silent_since_s + 20;
    return one.silent_since_s < 15 && end > 15 ? 15 : end;
}

inline double thirty_from_second_50_on(const asked& one)
{
    const double before = one.silent_since_s + 60;
    return before < 50 ? before : std::max(50.0, one.silent_since_s + 30);
}

inline middlebox either(double shorter_s, double longer_s, bool (*is_shorter)(const asked&))
{
    return [=](const asked& one) {
        return one.silent_since_s + (is_shorter(one) ? shorter_s : longer_s);
    };
}

inline double idle_10_age_25(const asked& one)
{
    return std::min(one.silent_since_s + 10, one.opened_s + 25);
}

inline std::vector<known_box> known_boxes()
{
    using enum explanation;
    const auto even = [](const asked& one) { return one.port % 2 == 0; };
    const auto a_tenth = [](const asked& one) { return drawn(one.connection) < 0.1; };
    const auto fresh = [](const asked& one) { return one.messages < 2; };
    const auto sharp_box = [](const asked& one) { return one.silent_since_s + 10; };
    const auto age_12 = [](const asked& one) { return one.opened_s + 12; };
    return {
        {"sharp", sharp_box, {}, sharp, 10, {}, 9.5},
        {"halves", either(10, 20, even), {.scale_s = 16}, mixture, 10, {}, 7},
        {"a_tenth", either(6, 12, a_tenth), {.scale_s = 12}, mixture, 6, {}, 0},
        {"tick_of_1_s_that_closes", sweep(7, 1), {.scale_s = 8, .closes = true}, tick, 7, {}, 6.7},
        {"late_tick_of_1_s", sweep(77, 1), {.scale_s = 80, .closes = true}, tick, 77, {}, 76},
        {"tick_of_5_s", sweep(10, 5), {.scale_s = 13}, tick, 10, {}, 9},
        {"tick_of_20_s", sweep(30, 20), {.scale_s = 40}, tick, 30, {}, 27},
        {"tick_of_30_s", sweep(60, 30), {.scale_s = 75}, tick, 60, {}, 54},
        {"drawn_for_each_silence", by_silence(8, 4), {}, each_silence, 8.1, {}, 5},
        {"drawn_for_each_connection",
         by_connection(40, 20),
         {.scale_s = 50},
         each_connection,
         40.5,
         {},
         22},
        {"age_and_idle", idle_10_age_25, {}, age, 10, 25, 8},
        {"age_alone", age_12, {}, age, {}, 12, 0},
        {"loss_of_state", loses_all_at_15_s, {.scale_s = 20, .open_rate = 5}, flush, 20, {}, 17},
        {"changed_policy", thirty_from_second_50_on, {.scale_s = 35}, policy_change, 30, {}, 25},
        {"promotion",
         either(6, 15, fresh),
         {.connections = 256, .rounds = 6, .scale_s = 10},
         promotion,
         6,
         {},
         5},
    };
}

/// What died in the run as it looked then arrives so much later than it left.
inline std::vector<observation> with_late_ones(std::vector<observation> seen, nanoseconds took)
{
    for (auto& each : seen)
        if (each.result == outcome::lost) {
            each.result = outcome::late;
            each.settled_at = *each.sent_at + took;
        }
    return seen;
}

}  // namespace deadair::estimate::boxes
