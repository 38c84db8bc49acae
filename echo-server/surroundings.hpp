#pragma once

#include "echo-server/counts.hpp"
#include "echo-server/limits.hpp"
#include "echo-server/log.hpp"
#include "echo-server/transport/refreshes.hpp"

namespace deadair::echo_server {

class peer;
class registry;

/// Whoever owns the peers.
class peer_owner {
public:
    /// It has become somebody.
    virtual void proven(const peer& known) = 0;
    /// It is gone, and will be destroyed from the loop. @return false if it was gone before.
    virtual bool forget(peer& gone) = 0;
    /// A heartbeat has woken the loop.
    virtual void beaten() = 0;

protected:
    ~peer_owner() = default;
};

/// What a peer works with, all of it.
struct peer_surroundings {
    peer_owner& owner;
    registry& known;
    net::refreshes& refreshes;
    const server_limits& limits;
    server_counts& counts;
    log& events;
};

}  // namespace deadair::echo_server
