#include "echo-server/transport/refreshes.hpp"

#include <algorithm>

#include "echo-server/transport/socket.hpp"

namespace deadair::net {

using namespace std::chrono_literals;

void refreshes::begin(const std::shared_ptr<channel>& on, refresh by,
                      std::chrono::milliseconds every)
{
    end(on.get());
    if (by == refresh::tcp_keepalive) {
        // As many unanswered as the kernel allows: the binding is watched, not the peer.
        const auto seconds = std::max(std::chrono::round<std::chrono::seconds>(every), 1s);
        keep_alive(on->native_socket(),
                   {.idle = seconds, .interval = seconds, .count = keepalive_count_max});
    }
    if (by != refresh::ws_ping && by != refresh::data)
        return;
    const auto due = clock::now() + every;
    tasks_[on.get()] = {.on = on, .by = by, .every = every, .due = due};
    due_.emplace(due, on.get());
    arm();
}

void refreshes::stop()
{
    tasks_.clear();
    due_.clear();
    timer_.cancel();
}

void refreshes::end(key which)
{
    const auto found = tasks_.find(which);
    if (found == tasks_.end())
        return;
    due_.erase({found->second.due, which});
    tasks_.erase(found);
}

void refreshes::arm()
{
    if (due_.empty())
        return;
    timer_.expires_at(due_.begin()->first);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            send_due();
    });
}

void refreshes::send_due()
{
    while (!due_.empty() && due_.begin()->first <= clock::now()) {
        const auto which = due_.begin()->second;
        due_.erase(due_.begin());
        auto& todo = tasks_.at(which);
        const auto on = todo.on.lock();
        if (!on || !on->is_open()) {
            tasks_.erase(which);
            continue;
        }
        todo.due += todo.every;
        due_.emplace(todo.due, which);
        if (todo.by == refresh::ws_ping)
            on->send_websocket(wire::opcode::ping, {});
        else
            on->send(wire::encode(wire::filler{}));
    }
    arm();
}

}  // namespace deadair::net
