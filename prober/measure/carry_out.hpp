#pragma once

#include "prober/planner/actions.hpp"
#include "prober/session/any_stay.hpp"

/// Between what a plan asks for and a stay that does it.
namespace deadair::prober {

void carry_out(any_stay& at, const planner::open_connection& todo);
void carry_out(any_stay& at, const planner::start_refresh& todo);
void carry_out(any_stay& at, const planner::send_probe& todo);
void carry_out(any_stay& at, const planner::close_connection& todo);

}  // namespace deadair::prober
