#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "prober/record/ledger.hpp"
#include "prober/watch/learned.hpp"
#include "tests/simulation/simulator.hpp"

namespace deadair::simulation {

/// Writes a simulated watch down as the prober does: through its record, on a thread of its own.
class book {
public:
    explicit book(const std::filesystem::path& file);

    /// A message that was said on a held connection, an end, an event.
    void held(const record& stretch);
    /// A measurement, and what its analysis finds.
    prober::learned measured(const record& run);
    void incident(store::incident what);
    void end();

private:
    /// Connections and events.
    void surroundings(const record& of, prober::ledger& into);
    prober::ledger& begin(const char* command);

    boost::asio::io_context loop_;
    store::database file_;
    prober::record record_;
    store::watch_id watch_{};
    std::unique_ptr<prober::ledger> run_;
};

}  // namespace deadair::simulation
