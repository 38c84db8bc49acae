#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

/// Traffic that is meant to keep bindings alive, on any number of channels with one timer. With
/// nothing to refresh it does not wake up.
class refreshes {
public:
    /// Asked before each that we send ourselves; false ends it. The owner may close the channel.
    using permission = std::function<bool()>;

    explicit refreshes(boost::asio::io_context& io) : timer_{io} {}

    /// From now on `by`, every so often, in place of what was before; `none` ends it. What was
    /// missed, because the process stood still, is not made up for. TCP keepalive is the kernel's
    /// and counts in whole seconds.
    /// @pre `ws_ping` only on a WebSocket
    void begin(const std::shared_ptr<channel>& on, refresh by, std::chrono::milliseconds every,
               permission may_send = {});
    /// The same with keepalives of our own that go no further than `hops` hops, the first after
    /// `every`. @pre it is silent but for them, and `every` is a second or more
    void begin_within(const std::shared_ptr<channel>& on, int hops, std::chrono::milliseconds every,
                      permission may_send = {});
    /// Ends those, since something is about to be said, which must go all the way.
    void end_within(const channel& which);
    /// Forgets a channel that is gone.
    void forget(const channel& gone) { take_out(&gone); }
    /// Ends all of them. What is destroyed while its io_context runs is stopped a turn before.
    void stop();

private:
    using clock = std::chrono::steady_clock;
    struct task {
        std::weak_ptr<channel> on;
        refresh by{};
        std::chrono::milliseconds every{};
        permission may_send;
        clock::time_point due;
        int hops{};                // of keepalives of our own
        bool asking{};             // such a keepalive is on its way out
        clock::time_point next{};  // to be sent, meanwhile
    };
    using key = const channel*;

    refresh take_out(key which);
    void arm(clock::time_point at);
    void arm_next();
    void send_due();
    void send(key which, clock::time_point now);
    void ask(task& todo, key which, clock::time_point now);

    std::map<key, task> tasks_;
    std::set<std::pair<clock::time_point, key>> due_;
    boost::asio::steady_timer timer_;
};

}  // namespace deadair::net
