#pragma once

#include <variant>
#include <vector>

#include "analysis/store/store.hpp"
#include "prober/hold/holder.hpp"
#include "prober/observation/flight.hpp"
#include "prober/session/connection.hpp"

/// What is written down of connections and of what was said on them.
namespace deadair::prober {

/// A transfer with its progress.
struct transferred {
    store::upload what;
    std::vector<store::upload_progress> progress;
};
/// Figures of one moment.
using path_figures = std::vector<store::path_sample>;

/// Any row of a run that the prober writes; whose run it is the ledger knows.
using row = std::variant<store::connection, store::connection_end, store::refusal, store::probe,
                         store::message, store::event, store::incident, store::evidence,
                         store::verification, store::hop_probe, store::hops_found, transferred,
                         path_figures>;
/// @throws store::store_error
void write(store::database& into, row what, store::run_id of);

store::connection row_of(const opened_connection& here);
/// @param at  the verdict
store::probe row_of(const flight& probe, outcome result, nanoseconds at);
store::message row_of(const hold::message& said, const flight& probe, outcome result,
                      nanoseconds at);
/// A held connection that ended without a message.
store::message end_row(connection& here, const flight& seen, bool unprotected, outcome result,
                       nanoseconds at);
store::connection_end closing_row(std::uint32_t connection, const std::string& client_saw,
                                  nanoseconds at);

}  // namespace deadair::prober
