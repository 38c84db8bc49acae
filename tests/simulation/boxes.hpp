#pragma once

#include <functional>
#include <utility>

#include "tests/simulation/box/balancer.hpp"
#include "tests/simulation/box/chain.hpp"
#include "tests/simulation/box/changing_timer.hpp"
#include "tests/simulation/box/coarse_timer.hpp"
#include "tests/simulation/box/fickle_timer.hpp"
#include "tests/simulation/box/flush.hpp"
#include "tests/simulation/box/flushes.hpp"
#include "tests/simulation/box/full_table.hpp"
#include "tests/simulation/box/half_dead.hpp"
#include "tests/simulation/box/hurried_timer.hpp"
#include "tests/simulation/box/idle_timer.hpp"
#include "tests/simulation/box/jittery_timer.hpp"
#include "tests/simulation/box/keepalive_blind.hpp"
#include "tests/simulation/box/kept_timer.hpp"
#include "tests/simulation/box/losing_timer.hpp"
#include "tests/simulation/box/one_way_timer.hpp"
#include "tests/simulation/box/pinholes.hpp"
#include "tests/simulation/box/promoting_timer.hpp"
#include "tests/simulation/box/session_age.hpp"
#include "tests/simulation/box/sleeper.hpp"
#include "tests/simulation/box/sweep.hpp"

/// All simulated middleboxes.
namespace deadair::simulation {

/// A new one of its kind for each run.
using box_maker = std::function<box_ptr()>;

/// make<idle_timer>(settings…) makes such a box again and again.
template <class Box, class... Args>
box_maker make(Args... args)
{
    return [=] { return std::make_unique<Box>(args...); };
}

/// Two timeouts behind one address, with that share of the second.
inline box_maker mixture(nanoseconds first, nanoseconds second, balancer::choice how)
{
    return [=] {
        return std::make_unique<balancer>(
            std::make_unique<idle_timer>(idle_timer::settings{.idle_timeout = first}),
            std::make_unique<idle_timer>(idle_timer::settings{.idle_timeout = second}), how);
    };
}

}  // namespace deadair::simulation
