#include "echo-server/tickets.hpp"

#include <algorithm>
#include <cstring>

#include "echo-server/wire/limits.hpp"

namespace deadair::echo_server {

namespace {

constexpr std::size_t half_size = sizeof(tickets::half);
static_assert(2 * half_size == sizeof(wire::ticket));

tickets::half own_half(const wire::ticket& of)
{
    tickets::half value = 0;
    std::memcpy(&value, of.data() + half_size, half_size);
    return value;
}

}  // namespace

tickets::half tickets::session_half(const wire::ticket& of)
{
    half value = 0;
    std::memcpy(&value, of.data(), half_size);
    return value;
}

wire::ticket tickets::issue(half own, time now)
{
    drop_old(now);
    if (unused_.size() == wire::tickets_unused_max)
        unused_.erase(unused_.begin());
    unused_.push_back({.own = own, .at = now});
    wire::ticket made{};
    std::memcpy(made.data(), &of_session_, half_size);
    std::memcpy(made.data() + half_size, &own, half_size);
    return made;
}

bool tickets::redeem(const wire::ticket& shown, time now)
{
    drop_old(now);
    if (session_half(shown) != of_session_)
        return false;
    const auto found = std::ranges::find(unused_, own_half(shown), &issued::own);
    if (found == unused_.end())
        return false;
    unused_.erase(found);
    return true;
}

void tickets::drop_old(time now)
{
    const auto young = std::ranges::find_if(
        unused_, [&](const issued& each) { return now - each.at <= wire::ticket_lifetime; });
    unused_.erase(unused_.begin(), young);
}

}  // namespace deadair::echo_server
