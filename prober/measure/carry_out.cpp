#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

void carry_out(any_stay& at, const planner::open_connection& todo)
{
    at.open(todo.connection, todo.on);
}

void carry_out(any_stay& at, const planner::start_refresh& todo)
{
    at.refresh_by(todo.connection, todo.how, todo.every);
}

void carry_out(any_stay& at, const planner::send_probe& todo)
{
    at.probe(todo.probe, todo.connection, todo.way, todo.after);
}

void carry_out(any_stay& at, const planner::close_connection& todo)
{
    at.close(todo.connection, "own");
}

}  // namespace deadair::prober
