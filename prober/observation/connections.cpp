#include "prober/observation/connections.hpp"

#include <algorithm>

namespace deadair::observation {

void connections::begun(connection_id number, time at)
{
    auto* const here = find(number);
    if (here == nullptr)
        return;
    here->is = watched::stage::begun;
    here->opened_at = at;
}

// Our join passed after we opened, the answer's acknowledgement about now, or when the answer came
// to the kernel: a busy program reads it later.
void connections::joined(connection_id number, time at)
{
    auto* const here = find(number);
    if (here == nullptr)
        return;
    here->is = watched::stage::joined;
    const auto now = facts(number).value_or(socket_facts{});
    const nanoseconds trip = std::chrono::microseconds{now.rtt_us};
    const nanoseconds waited = std::chrono::milliseconds{now.since_data_received_ms};
    const auto error = (trip / 2 + std::min(waited, at - here->opened_at)) / 2;
    rest(number, at - error, error, at);
}

void connections::remove(connection_id number)
{
    if (all_.erase(number) == 0)
        return;
    settling_.clear(number);
    removed_.add(number);
}

void connections::rest(connection_id number, time at, nanoseconds error, time now)
{
    auto* const here = find(number);
    if (here == nullptr)
        return;
    here->quiet.rest(at, error, facts(number));
    settling_.set(number, now + settle_after);
}

void connections::interrupt()
{
    for (auto& [number, each] : all_)
        each.quiet.interrupt();
}

void connections::act(time now)
{
    while (const auto number = settling_.take(now))
        if (auto* const here = find_joined(*number))
            here->quiet.settle(now, facts(*number));
}

watched* connections::find(connection_id number)
{
    const auto found = all_.find(number);
    return found == all_.end() ? nullptr : &found->second;
}

const watched* connections::find(connection_id number) const
{
    const auto found = all_.find(number);
    return found == all_.end() ? nullptr : &found->second;
}

watched* connections::find_joined(connection_id number)
{
    auto* const here = find(number);
    return here != nullptr && here->joined() ? here : nullptr;
}

std::uint32_t connections::joined_count() const
{
    return static_cast<std::uint32_t>(
        std::ranges::count_if(all_, [](const auto& each) { return each.second.joined(); }));
}

}  // namespace deadair::observation
