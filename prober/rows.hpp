#pragma once

#include "analysis/store/store.hpp"
#include "prober/connection.hpp"
#include "prober/flight.hpp"
#include "prober/hold/holder.hpp"

/// What is written down of connections and of what was said on them.
namespace deadair::prober {

store::connection row_of(connection& here, store::run_id run);
store::message row_of(const hold::message& said, const flight& probe, outcome result,
                      store::run_id run, nanoseconds at);
/// A held connection that ended without a message.
store::message end_row(connection& here, const flight& seen, bool control, outcome result,
                       store::run_id run, nanoseconds at);
store::connection_end closing_row(const connection& here, const std::string& client_saw,
                                  store::run_id run, nanoseconds at);

}  // namespace deadair::prober
