#include "tests/simulation/carrier.hpp"

namespace deadair::simulation {

fate carrier::meet(const packet& what)
{
    const auto met = box_.meet(what, box_now(), random_);
    watch();
    return met;
}

void carrier::watch()
{
    const auto wake = box_.wake_at();
    if (!wake || (looks_at_ && *looks_at_ <= *wake))
        return;
    looks_at_ = *wake;
    when_.at(*wake - one_way() / 2 - slept_, [this] { look(); });
}

void carrier::look()
{
    looks_at_.reset();
    for (const auto& each : box_.act(box_now()))
        when_.after(one_way(), [this, each] {
            if (tell_)
                tell_(each);
        });
    watch();
}

}  // namespace deadair::simulation
