#include "echo-server/transport/refreshes.hpp"

#include <algorithm>
#include <utility>

#include "echo-server/transport/socket.hpp"
#include "echo-server/transport/turn.hpp"

namespace deadair::net {

using namespace std::chrono_literals;

void refreshes::begin(const std::shared_ptr<channel>& on, refresh by,
                      std::chrono::milliseconds every, permission may_send)
{
    // Only ours: a connection may have been given a keepalive by its owner as well.
    if (take_out(on.get()) == refresh::tcp_keepalive)
        end_keepalive(on->native_socket());
    if (by == refresh::none)
        return;
    const auto due = clock::now() + every;
    tasks_[on.get()] = {
        .on = on, .by = by, .every = every, .may_send = std::move(may_send), .due = due};
    if (by == refresh::tcp_keepalive) {
        // As many unanswered as the kernel allows: the binding is watched, not the peer.
        const auto seconds = std::max(std::chrono::round<std::chrono::seconds>(every), 1s);
        return keep_alive(on->native_socket(),
                          {.idle = seconds, .interval = seconds, .count = keepalive_count_max});
    }
    due_.emplace(due, on.get());
    arm_next();
}

void refreshes::stop()
{
    tasks_.clear();
    due_.clear();
    timer_.cancel();
}

// Says what it was, if that channel is still there: another may have its place in memory.
refresh refreshes::take_out(key which)
{
    const auto found = tasks_.find(which);
    if (found == tasks_.end())
        return refresh::none;
    const auto was = found->second.on.expired() ? refresh::none : found->second.by;
    due_.erase({found->second.due, which});
    tasks_.erase(found);
    return was;
}

void refreshes::arm_next()
{
    if (!due_.empty())
        arm(due_.begin()->first);
}

void refreshes::arm(clock::time_point at)
{
    timer_.expires_at(at);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            send_due();
    });
}

void refreshes::send_due()
{
    const auto now = clock::now();
    for (const turn mine; !due_.empty() && due_.begin()->first <= now;) {
        if (mine.over())
            return arm(now);  // still more that is due: let the others have their turn first
        send(due_.begin()->second, now);
    }
    arm_next();
}

void refreshes::send(key which, clock::time_point now)
{
    due_.erase(due_.begin());
    auto& todo = tasks_.at(which);
    const auto on = todo.on.lock();
    if (!on || !on->is_open()) {
        tasks_.erase(which);
        return;
    }
    todo.due += todo.every;
    if (todo.due <= now)
        todo.due = now + todo.every;
    due_.emplace(todo.due, which);
    const auto by = todo.by;
    const auto may_send = todo.may_send;  // a copy: the answer may be to forget the channel
    if (may_send && !may_send())
        take_out(which);
    else if (by == refresh::ws_ping)
        on->send_websocket(wire::opcode::ping, {});
    else
        on->send(wire::encode(wire::filler{}));
}

}  // namespace deadair::net
