#pragma once

#include <variant>

#include "analysis/store/store.hpp"
#include "prober/hold/holder.hpp"
#include "prober/observation/flight.hpp"
#include "prober/session/connection.hpp"

/// What is written down of connections and of what was said on them.
namespace deadair::prober {

/// Any row that the prober writes one by one.
using row = std::variant<store::connection, store::connection_end, store::probe, store::message,
                         store::event, store::incident>;
/// @throws store::store_error
void write(store::database& into, const row& what);

store::connection row_of(connection& here, store::run_id run);
/// @param at  the verdict
store::probe row_of(const flight& probe, outcome result, store::run_id run, nanoseconds at);
store::message row_of(const hold::message& said, const flight& probe, outcome result,
                      store::run_id run, nanoseconds at);
/// A held connection that ended without a message.
store::message end_row(connection& here, const flight& seen, bool control, outcome result,
                       store::run_id run, nanoseconds at);
store::connection_end closing_row(const connection& here, const std::string& client_saw,
                                  store::run_id run, nanoseconds at);

}  // namespace deadair::prober
