#include "analysis/estimate/shape.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/estimate/interval.hpp"
#include "analysis/words/told.hpp"

namespace deadair::estimate {

namespace {

// Chance that a probe on a living connection is taken for lost all the same. Its retransmissions
// make it far smaller; this also stands for what nobody thought of, so that one stray loss does
// not make a firewall look fuzzy.
constexpr double stray_chance = 3e-3;
// Nobody's loss is taken for less.
constexpr double loss_min = 0.01;

struct point {
    nanoseconds age{};
    bool alive{};
    std::uint32_t packets{};  // of a lost probe; 0: it was told
};

std::vector<point> points_of(std::span<const observation> seen)
{
    std::vector<point> points;
    for (const auto& each : seen)
        if (is_alive(each) || is_dead(each))
            points.push_back({each.idle_age, is_alive(each), is_told(each) ? 0 : each.unanswered});
    // At the same age the dead come last: that is no evidence against a step.
    std::ranges::stable_sort(points, [](const point& left, const point& right) {
        return left.age != right.age ? left.age < right.age : left.alive && !right.alive;
    });
    return points;
}

double x_log_x(double count, double share)
{
    return count > 0 ? count * std::log(share) : 0;
}

double log_likelihood(double alive, double total)
{
    const double share = alive / total;
    return x_log_x(alive, share) + x_log_x(total - alive, 1 - share);
}

struct block {
    nanoseconds from;
    double alive;
    double total;
    double share() const { return alive / total; }
};

// The best non-increasing survival curve: neighbours that rise are pooled.
std::vector<block> isotonic(const std::vector<point>& points)
{
    std::vector<block> blocks;
    for (const auto& each : points) {
        blocks.push_back({each.age, each.alive ? 1.0 : 0.0, 1.0});
        while (blocks.size() >= 2 && blocks[blocks.size() - 2].share() < blocks.back().share()) {
            const auto last = blocks.back();
            blocks.pop_back();
            blocks.back().alive += last.alive;
            blocks.back().total += last.total;
        }
    }
    return blocks;
}

double log_likelihood(const std::vector<block>& blocks)
{
    double sum = 0;
    for (const auto& each : blocks)
        sum += log_likelihood(each.alive, each.total);
    return sum;
}

// Chance that a probe fails that left so long before the step: its first packets by chance, the
// others because they came too late. What is told is no chance, but may be a little early.
double chance_of_loss(const point& lost, nanoseconds step, double packet_loss)
{
    const auto before = step - lost.age;
    double chance = lost.packets > 0 || before < told_slack(step) ? 1 : stray_chance;
    for (std::uint32_t packet = 0; packet < lost.packets && retransmitted_after(packet) < before;
         ++packet)
        chance *= packet_loss;
    return std::max(chance, stray_chance);
}

// A delivery above the step is impossible, so the step is above all of them.
double single_step(const std::vector<point>& points, double packet_loss)
{
    const auto last_alive = std::ranges::find_if(points.rbegin(), points.rend(),
                                                 [](const point& p) { return p.alive; });
    if (last_alive == points.rend())
        return 0;
    double sum = 0;
    for (auto each = last_alive; each != points.rend(); ++each)
        sum += std::log(each->alive ? 1 - stray_chance
                                    : chance_of_loss(*each, last_alive->age, packet_loss));
    return sum;
}

}  // namespace

double against_sharp(std::span<const observation> seen, double packet_loss)
{
    const auto points = points_of(seen);
    return 2 * (log_likelihood(isotonic(points)) -
                single_step(points, std::max(packet_loss, loss_min)));
}

std::vector<survival> survival_curve(std::span<const observation> seen)
{
    std::vector<survival> curve;
    for (const auto& each : isotonic(points_of(seen)))
        curve.push_back({each.from, each.share()});
    return curve;
}

zone zone_of(std::span<const observation> seen)
{
    zone found{.first_dead = nanoseconds::max(), .last_alive = {}};
    for (const auto& each : seen) {
        if (is_dead(each))
            found.first_dead = std::min(found.first_dead, each.idle_age - each.idle_age_error);
        if (is_alive(each))
            found.last_alive = std::max(found.last_alive, each.idle_age + each.idle_age_error);
    }
    return found;
}

}  // namespace deadair::estimate
