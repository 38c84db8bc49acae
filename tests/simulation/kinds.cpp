#include "tests/simulation/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
using estimate::explanation;

nanoseconds between(nanoseconds from, nanoseconds to, random_source& random)
{
    return from_seconds(std::exp(std::uniform_real_distribution<double>{
        std::log(to_seconds(from)), std::log(to_seconds(to))}(random)));
}

nanoseconds any_timeout(random_source& random)
{
    return between(8s, 90s, random);
}

idle_timer::settings after(nanoseconds timeout)
{
    return {.idle_timeout = timeout};
}

drawn_box any_sharp(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {std::make_unique<idle_timer>(after(timeout)), timeout, {}, timeout};
}

// A share of the timeout for its period, in whole seconds as it is set.
std::function<drawn_box(random_source&)> any_sweep(double least, double most)
{
    return [=](random_source& random) -> drawn_box {
        const auto timeout = any_timeout(random);
        const double share = std::uniform_real_distribution<double>{least, most}(random);
        const auto period = std::max<nanoseconds>(
            1s,
            std::chrono::round<std::chrono::seconds>(from_seconds(share * to_seconds(timeout))));
        return {std::make_unique<sweep>(after(timeout), period, drawn(period, random)),
                timeout,
                {},
                timeout + period};
    };
}

drawn_box any_closing_tick(random_source& random)
{
    auto how = after(any_timeout(random));
    how.then = at_expiry::closes;
    return {std::make_unique<sweep>(how, 1s, drawn(1s, random)),
            how.idle_timeout,
            {},
            how.idle_timeout + 1s};
}

std::function<drawn_box(random_source&)> any_mixture(double share)
{
    return [=](random_source& random) -> drawn_box {
        const auto first = any_timeout(random);
        const auto other = first * 2;
        return {mixture(other, first, balancer::by_chance(share))(), first, {}, other};
    };
}

drawn_box any_kept(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {
        std::make_unique<kept_timer>(after(timeout), timeout / 2), timeout, {}, timeout * 3 / 2};
}

drawn_box any_jitter(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {
        std::make_unique<jittery_timer>(after(timeout), timeout / 2), timeout, {}, timeout * 3 / 2};
}

drawn_box any_age_and_idle(random_source& random)
{
    const auto timeout = any_timeout(random);
    const auto age = from_seconds(to_seconds(timeout) *
                                  std::uniform_real_distribution<double>{1.3, 1.8}(random));
    return {std::make_unique<chain>(std::make_unique<idle_timer>(after(timeout)),
                                    std::make_unique<session_age>(age)),
            timeout, age, age};
}

drawn_box any_age(random_source& random)
{
    const auto age = any_timeout(random);
    return {std::make_unique<session_age>(age), {}, age, age};
}

drawn_box any_flushes(random_source& random)
{
    const auto every = any_timeout(random);
    return {std::make_unique<flushes>(every), {}, {}, every};
}

drawn_box any_room(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {std::make_unique<full_table>(after(timeout), 30 + random() % 70), timeout, {}, timeout};
}

drawn_box any_hurried(random_source& random)
{
    const auto timeout = any_timeout(random);
    const auto hurried = timeout / 2;
    return {std::make_unique<hurried_timer>(after(timeout), 30 + random() % 60, hurried),
            hurried,
            {},
            timeout};
}

drawn_box any_one_end(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {std::make_unique<one_way_timer>(after(timeout), side::outside), timeout, {}, timeout};
}

drawn_box any_pinholes(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {
        std::make_unique<pinholes>(after(timeout * 7 / 4), timeout), timeout, {}, timeout * 7 / 4};
}

drawn_box any_sleeper(random_source& random)
{
    const auto silence = between(6s, 20s, random);
    return {std::make_unique<sleeper>(silence, between(2500ms, 6s, random)), {}, {}, silence};
}

drawn_box any_promoting(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {std::make_unique<promoting_timer>(after(timeout), 3, timeout * 5 / 2),
            timeout,
            {},
            timeout * 5 / 2};
}

drawn_box any_losing(random_source& random)
{
    const auto timeout = any_timeout(random);
    const double share = std::uniform_real_distribution<double>{0.4, 0.95}(random);
    return {
        std::make_unique<losing_timer>(after(timeout), from_seconds(share * to_seconds(timeout))),
        timeout,
        {},
        timeout};
}

drawn_box any_changing(random_source& random)
{
    const auto timeout = any_timeout(random);
    return {std::make_unique<changing_timer>(after(timeout), timeout * 5 / 6, timeout / 2),
            timeout / 2,
            {},
            timeout};
}

drawn_box any_half_dead(random_source& random)
{
    const auto timeout = any_timeout(random);
    const auto survives = random() % 2 == 0 ? side::inside : side::outside;
    return {std::make_unique<half_dead>(timeout, survives), timeout, {}, timeout};
}

drawn_box any_fickle(random_source& random)
{
    const auto mean = any_timeout(random);
    return {std::make_unique<fickle_timer>(idle_timer::settings{.then = at_expiry::closes}, mean),
            1ms,
            {},
            mean * 3};
}

}  // namespace

const std::vector<kind_of_box>& kinds_of_box()
{
    using enum explanation;
    // right, holds, harmful, in time, wall over T
    static const std::vector<kind_of_box> all{
        {"sharp", any_sharp, {sharp}, {99, 99, 0, 99, 2.9}},
        {"sweep, up to 0.2 T", any_sweep(0.02, 0.2), {tick}, {92, 95, 0.5, 98, 4.6}},
        {"sweep, 0.3 T to 0.7 T", any_sweep(0.3, 0.7), {tick}, {80, 90, 0.5, 96, 4.4}},
        {"closes on a tick of 1 s", any_closing_tick, {tick}, {95, 97, 0.5, 97, 2.9}},
        {"mixture, half 2 T", any_mixture(0.5), {mixture}, {97, 95, 0.5, 97, 4.0}},
        {"mixture, a tenth", any_mixture(0.1), {mixture}, {90, 97, 0.5, 98, 3.8}},
        {"mixture, 3 %", any_mixture(0.03), {mixture}, {88, 94, 3.5, 98, 3.8}},
        {"drawn for each connection", any_kept, {each_connection}, {84, 86, 0.5, 94, 4.7}},
        {"drawn for each silence", any_jitter, {each_silence}, {90, 94, 0.5, 96, 4.5}},
        {"idle, and age 1.3 to 1.8 T", any_age_and_idle, {age}, {97, 97, 0.5, 98, 2.2}},
        {"age alone", any_age, {age}, {97, 94, 0.5, 96, 4.2}, false},
        {"all lost again and again", any_flushes, {flush}, {97, 97, 0.5, 92, 5.8}, false},
        {"room for so many", any_room, {room}, {85, 68, 0.5, 95, 4.3}},
        {"half of it under load", any_hurried, {load}, {4, 90, 0.5, 98, 3.7}},
        {"only the server's data", any_one_end, {one_end, sharp}, {97, 95, 0.5, 98, 4.1}},
        {"a pinhole for each side", any_pinholes, {each_end, sharp}, {97, 93, 0.5, 95, 3.7}},
        {"late after silence", any_sleeper, {delayed}, {97, 95, 0.5, 98, 4.4}, false},
        {"longer after 3 messages", any_promoting, {promotion}, {0, 97, 0.5, 98, 1.3}},
        {"idle ones lost once", any_losing, {flush, sharp}, {93, 84, 0.5, 86, 5.3}},
        {"half of it from a moment on", any_changing, {policy_change}, {80, 95, 0.5, 84, 5.4}},
        {"half dead", any_half_dead, {explanation::half_dead, sharp}, {95, 97, 0.5, 96, 5.4}},
        {"ends at random", any_fickle, {random}, {93, 97, 0.5, 93, 1.9}},
    };
    return all;
}

}  // namespace deadair::simulation
