#include "prober/uploads/plan/schedule.hpp"

#include <algorithm>

#include "analysis/recommend/formulas.hpp"

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;

// Between two transfers, beside what the first is expected to take.
constexpr nanoseconds pause = 200ms;
// Ample time to open a connection before its silence begins.
constexpr nanoseconds opening = 500ms;
// So many connections are enough for one run, and few for a server.
constexpr std::size_t trials_max = 1000;

// Calls `what` with each path, way and size.
template <class What>
void for_each_transfer(const plan& of, What what)
{
    for (const auto& on : of.paths)
        for (const auto way : of.ways)
            for (const auto size : of.sizes)
                what(trial{.on = on, .way = way, .size = size});
}

bool uploads_too(const plan& of)
{
    return std::ranges::find(of.ways, transfer_direction::upload) != of.ways.end();
}

// Small and large, with each guard, on connections past the timeout.
std::vector<trial> dead_writers(const plan& of)
{
    std::vector<trial> all;
    if (!uploads_too(of))
        return all;
    const auto largest = std::ranges::max(of.sizes);
    for (const auto& on : of.paths) {
        trial one{.on = on, .way = transfer_direction::upload, .spell = idle_spell::beyond};
        for (const auto guard :
             {write_guard::none, write_guard::user_timeout, write_guard::socket_timeout}) {
            one.guard = guard;
            one.size = small_write;
            all.push_back(one);
            one.size = largest;
            if (guard != write_guard::none)  // without one it is among the others already
                all.push_back(one);
        }
    }
    return all;
}

}  // namespace

nanoseconds idle_before(idle_spell spell, const known_timeout& timeout)
{
    switch (spell) {
        case idle_spell::fresh:
            return 0s;
        case idle_spell::below:
            return std::max(timeout.low / 2, recommend::safe_age(timeout.low));
        case idle_spell::at:
            return timeout.best;
        case idle_spell::beyond:
            return timeout.high + timeout.high / 50 + 1s;
    }
    return 0s;
}

plan short_form()
{
    plan few;
    few.ways = {transfer_direction::upload};
    few.sizes = {64'000, 500'000};
    few.give_up_after = 2s;
    few.at_most = 3s;
    return few;
}

plan patient_form()
{
    auto few = short_form();
    few.give_up_after = 10s;
    few.at_most = 5min;
    return few;
}

std::vector<trial> fresh_trials(const plan& of)
{
    std::vector<trial> all;
    for_each_transfer(of, [&](trial one) {
        one.number = static_cast<std::uint32_t>(all.size() + 1);
        all.push_back(one);
    });
    return all;
}

std::vector<trial> idle_trials(const plan& of,
                               const std::function<nanoseconds(const trial&)>& expected)
{
    std::vector<trial> all;
    if (!of.timeout)
        return all;
    for (const auto spell : {idle_spell::below, idle_spell::at, idle_spell::beyond})
        for_each_transfer(of, [&](trial one) {
            one.spell = spell;
            all.push_back(one);
        });
    std::ranges::copy(dead_writers(of), std::back_inserter(all));
    auto number = static_cast<std::uint32_t>(fresh_trials(of).size());
    nanoseconds begin{};
    for (auto& one : all) {
        one.number = ++number;
        one.idle = idle_before(one.spell, *of.timeout);
        begin = std::max(begin, one.idle + opening);
        one.open_at = begin - one.idle - opening;
        begin += pause + (one.guard == write_guard::none ? expected(one) : 0s);
    }
    std::ranges::stable_sort(all, {}, &trial::open_at);
    return all;
}

std::optional<std::string> refuse(const plan& of)
{
    const auto fresh = fresh_trials(of).size();
    const auto all = of.timeout ? 4 * fresh + dead_writers(of).size() : fresh;
    if (all > trials_max)
        return "these are " + std::to_string(all) + " transfers, and " +
               std::to_string(trials_max) + " are most; name fewer --sizes or --transport";
    return std::nullopt;
}

}  // namespace deadair::prober::uploads
