#pragma once

#include "prober/planner/part.hpp"
#include "prober/session/session.hpp"

/// Between what a plan asks for and a session that does it.
namespace deadair::prober {

void carry_out(session& at, const planner::open_connection& todo);
void carry_out(session& at, const planner::start_refresh& todo);
void carry_out(session& at, const planner::send_probe& todo);
void carry_out(session& at, const planner::close_connection& todo);

planner::settled settled_event(const flight& probe, outcome result);
/// A connection ended by itself.
planner::ended ended_event(const flight& seen, outcome result);
/// Nobody can vouch for a connection any more.
planner::ended voided_event(std::uint32_t connection, nanoseconds at);
/// A probe that was called lost has arrived.
planner::settled late_event(const flight& probe, nanoseconds at);

}  // namespace deadair::prober
