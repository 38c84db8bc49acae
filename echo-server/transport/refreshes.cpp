#include "echo-server/transport/refreshes.hpp"

#include <algorithm>
#include <utility>

#include "echo-server/transport/socket.hpp"
#include "echo-server/transport/turn.hpp"

namespace deadair::net {

using namespace std::chrono_literals;

namespace {

// Some ticks of any kernel's timer.
constexpr auto asking_time = 50ms;

}  // namespace

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

void refreshes::begin_within(const std::shared_ptr<channel>& on, int hops,
                             std::chrono::milliseconds every, permission may_send)
{
    begin(on, refresh::none, every);
    const auto due = clock::now() + every;
    tasks_[on.get()] = {.on = on,
                        .by = refresh::none,
                        .every = every,
                        .may_send = std::move(may_send),
                        .due = due,
                        .hops = hops};
    due_.emplace(due, on.get());
    arm_next();
}

void refreshes::end_within(const channel& which)
{
    const auto found = tasks_.find(&which);
    if (found != tasks_.end() && found->second.hops != 0)
        take_out(&which);
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
    const auto on = found->second.on.lock();
    const auto was = on ? found->second.by : refresh::none;
    if (on && found->second.asking)
        end_ask_within(on->native_socket());
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
    if (std::exchange(todo.asking, false)) {
        end_ask_within(on->native_socket());
        todo.due = std::max(todo.next, now);
        due_.emplace(todo.due, which);
        return;
    }
    todo.next = todo.due + todo.every;
    if (todo.next <= now)
        todo.next = now + todo.every;
    todo.due = todo.next;
    due_.emplace(todo.due, which);
    const auto may_send = todo.may_send;  // a copy: the answer may be to forget the channel
    if (may_send && !may_send())
        take_out(which);
    else if (todo.hops != 0)
        ask(todo, which, now);
    else if (todo.by == refresh::ws_ping)
        on->send_websocket(wire::opcode::ping, {});
    else
        on->send(wire::encode(wire::filler{}));
}

// The kernel sends it at its next tick; then the socket is as it was.
void refreshes::ask(task& todo, key which, clock::time_point now)
{
    todo.asking = ask_within(todo.on.lock()->native_socket(), todo.hops);
    if (!todo.asking)
        return;
    due_.erase({todo.due, which});
    todo.due = now + asking_time;
    due_.emplace(todo.due, which);
}

}  // namespace deadair::net
