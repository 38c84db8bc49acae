#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "echo-server/wire/trust_messages.hpp"

namespace deadair::echo_server {

/// The unused tickets of one session. Bounded: the oldest makes room for another, and none outlives
/// `wire::ticket_lifetime`. A ticket is 16 bytes of no meaning to a client; the first half is the
/// same for all of a session, so that the server finds the session, the second half is the ticket's
/// own. Knows no clock and no chance.
class tickets {
public:
    using time = std::chrono::steady_clock::time_point;
    using half = std::uint64_t;

    explicit tickets(half of_session) : of_session_{of_session} {}

    half of_session() const { return of_session_; }
    static half session_half(const wire::ticket& of);

    /// @param own  random, new for each ticket
    wire::ticket issue(half own, time now);
    /// Uses it up. @return false if it is not one of ours, too old, or used before.
    bool redeem(const wire::ticket& shown, time now);
    std::size_t size() const { return unused_.size(); }

private:
    struct issued {
        half own{};
        time at;
    };
    void drop_old(time now);

    half of_session_;
    std::vector<issued> unused_;  // the oldest first
};

}  // namespace deadair::echo_server
