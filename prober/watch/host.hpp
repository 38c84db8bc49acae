#pragma once

#include <optional>

#include "prober/session/target.hpp"

namespace deadair::prober {

/// The address that this host would speak from to that server, as its routes are now; nullopt
/// without a route. Sends nothing.
std::optional<boost::asio::ip::address> local_address_towards(const net::tcp::endpoint& server);

/// Tells when somebody set the wall clock: it then runs ahead of or behind CLOCK_BOOTTIME, which
/// runs on while the host sleeps and which nobody sets.
class wall_clock_watch {
public:
    wall_clock_watch();
    /// By how much it was set since the last call; less than two seconds is drift and counts as 0.
    nanoseconds was_set();

private:
    nanoseconds lead_;
};

}  // namespace deadair::prober
