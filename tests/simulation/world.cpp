#include "tests/simulation/world.hpp"

#include <algorithm>

namespace deadair::simulation {

namespace {

nanoseconds drawn(nanoseconds most, random_source& random)
{
    return from_seconds(to_seconds(most) * std::uniform_real_distribution<double>{0, 1}(random));
}

}  // namespace

binding::binding(const middlebox& of, nanoseconds opened, std::uint16_t port, random_source& random)
    : of_{&of}, opened_{opened}, last_packet_{opened}, own_timeout_{of.idle_timeout}
{
    std::uniform_real_distribution<double> share{0, 1};
    const bool other = of.other_by_port ? port % 2 == 1 : share(random) < of.other_share;
    if (of.other_timeout && other)
        own_timeout_ = *of.other_timeout;
    grain_phase_ = drawn(of.grain, random);
    if (of.jitter > nanoseconds{})
        late_by_ = drawn(of.jitter, random);
}

nanoseconds binding::expires_at(direction way) const
{
    auto timeout = own_timeout_;
    if (way == direction::to_client && of_->to_client_timeout)
        timeout = *of_->to_client_timeout;
    auto at = last_packet_ + timeout + late_by_;
    if (of_->grain > nanoseconds{})
        at = grain_phase_ +
             (at - grain_phase_ + of_->grain - nanoseconds{1}) / of_->grain * of_->grain;
    if (of_->session_age)
        at = std::min(at, opened_ + *of_->session_age);
    return at;
}

void binding::refresh(nanoseconds now, direction way, random_source& random)
{
    if (of_->renewed_by && of_->renewed_by != way)
        return;
    last_packet_ = now;
    if (of_->jitter > nanoseconds{})
        late_by_ = drawn(of_->jitter, random);
}

bool binding::lives(nanoseconds now, direction way) const
{
    return !evicted_ && now < expires_at(way);
}

}  // namespace deadair::simulation
