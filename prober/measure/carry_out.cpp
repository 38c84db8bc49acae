#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

void carry_out(stay& at, const planner::open_connection& todo)
{
    at.open(todo.connection, todo.on);
}

void carry_out(stay& at, const planner::start_refresh& todo)
{
    at.refresh_by(todo.connection, todo.how.by, todo.how.from, todo.every);
}

void carry_out(stay& at, const planner::send_probe& todo)
{
    at.probe(todo.probe, todo.connection, todo.way);
}

void carry_out(stay& at, const planner::close_connection& todo)
{
    at.close(todo.connection, "own");
}

planner::settled settled_event(const flight& probe, outcome result)
{
    return {.probe = probe.probe,
            .result = result,
            .idle_age = probe.idle_age,
            .last_packet = probe.last_packet,
            .unanswered = probe.retransmitted + 1};
}

planner::ended ended_event(const flight& seen, outcome result)
{
    return {
        .connection = seen.connection, .how = result, .idle_age = seen.idle_age, .at = seen.sent};
}

planner::ended voided_event(std::uint32_t connection, nanoseconds at)
{
    return {.connection = connection, .how = outcome::voided, .idle_age = {}, .at = at};
}

planner::settled late_event(const flight& probe, nanoseconds at)
{
    return {.probe = probe.probe,
            .result = outcome::late,
            .idle_age = probe.idle_age,
            .last_packet = at,
            .unanswered = 0};
}

}  // namespace deadair::prober
