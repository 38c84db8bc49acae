#include "tests/simulation/box/idle_timer.hpp"

#include <utility>

namespace deadair::simulation {

time idle_timer::expires_at(const binding& of, side from) const
{
    const auto own = from == side::outside ? how_.to_client_timeout : std::nullopt;
    return of.last_packet + own.value_or(how_.idle_timeout);
}

bool idle_timer::renews(const packet& /*seen*/) const
{
    return true;
}

void idle_timer::open(const packet& seen, time now, random_source& random)
{
    if (!bindings_.contains(seen.flow))
        make_room(now);
    auto& made = bindings_[seen.flow] = {
        .opened = now, .last_packet = now, .by_inside = now, .by_outside = now};
    begins(made, random);
    if (how_.then == at_expiry::closes)
        to_close_.emplace(expires_at(made, side::outside), seen.flow);
}

fate idle_timer::meet(const packet& seen, time now, random_source& random)
{
    if (seen.is == packet::kind::open) {
        open(seen, now, random);
        return {};
    }
    const auto found = bindings_.find(seen.flow);
    if (found == bindings_.end() || !lives(found->second, seen.from, now)) {
        if (how_.loose && seen.from == side::inside) {
            open(seen, now, random);
            return {};
        }
        return {how_.then == at_expiry::resets ? fate::kind::reset : fate::kind::dropped};
    }
    if (seen.is == packet::kind::end) {
        bindings_.erase(found);
        return {};
    }
    if (seen.is == packet::kind::data) {
        ++found->second.packets;
        (seen.from == side::inside ? found->second.by_inside : found->second.by_outside) = now;
    }
    if (renews(seen)) {
        found->second.last_packet = now;
        begins(found->second, random);
    }
    return {};
}

std::optional<time> idle_timer::wake_at() const
{
    return to_close_.empty() ? std::nullopt : std::optional{to_close_.begin()->first};
}

std::vector<cut> idle_timer::act(time now)
{
    std::vector<cut> cuts;
    while (!to_close_.empty() && to_close_.begin()->first <= now) {
        const auto flow = to_close_.begin()->second;
        to_close_.erase(to_close_.begin());
        const auto found = bindings_.find(flow);
        if (found == bindings_.end())
            continue;
        if (lives(found->second, side::outside, now)) {
            to_close_.emplace(expires_at(found->second, side::outside), flow);
            continue;
        }
        bindings_.erase(found);
        cuts.push_back({flow, outcome::closed});
    }
    return cuts;
}

}  // namespace deadair::simulation
