#include "tests/simulation/years/held.hpp"

#include <utility>

namespace deadair::simulation {

std::vector<planner::action> held::act(planner::time now, const planner::known_so_far& /*of_all*/)
{
    std::vector<planner::action> todo;
    for (const auto connection : std::exchange(to_refresh_, {}))
        if (with_.tcp_keepalive)
            todo.emplace_back(planner::start_refresh{
                .connection = connection,
                .how = {refresh::tcp_keepalive, refresh_side::client},
                .every =
                    std::chrono::duration_cast<std::chrono::milliseconds>(*with_.tcp_keepalive)});
    for (const auto& each : holder_.act(now))
        std::visit([&](const auto& one) { add(one, todo); }, each);
    return todo;
}

void held::add(const hold::open_connection& todo, std::vector<planner::action>& to)
{
    to.emplace_back(planner::open_connection{.connection = todo.connection, .on = todo.on});
}

void held::add(const hold::message& todo, std::vector<planner::action>& to)
{
    under_way_.emplace(todo.number, todo);
    to.emplace_back(
        planner::send_probe{.probe = todo.number, .connection = todo.connection, .way = todo.way});
}

void held::add(const hold::close_connection& todo, std::vector<planner::action>& to)
{
    to.emplace_back(planner::close_connection{todo.connection});
}

void held::on(const planner::event& seen)
{
    std::visit([this](const auto& one) { hear(one); }, seen);
}

void held::hear(const planner::opened& seen)
{
    to_refresh_.push_back(seen.connection);
    holder_.opened(seen.connection, seen.last_packet);
}

void held::hear(const planner::open_failed& seen)
{
    holder_.open_failed(seen.connection, seen.at);
}

void held::hear(const planner::settled& seen)
{
    if (const auto found = under_way_.extract(seen.probe))
        holder_.settled(found.mapped(), seen.result, seen.last_packet);
}

}  // namespace deadair::simulation
