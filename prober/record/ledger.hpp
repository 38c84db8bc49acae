#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "analysis/path/tcp_counters.hpp"
#include "analysis/store/recorder.hpp"
#include "prober/observation/flight.hpp"
#include "prober/record/rows.hpp"
#include "prober/session/connection.hpp"

namespace deadair::prober {

/// Writes down what happens, without keeping the loop waiting: `when_kept` tells when it is on
/// disk. What could not be written is thrown out of the loop as store::store_error.
class ledger {
public:
    /// @param io  the loop; outlives it
    ledger(boost::asio::io_context& io, const store::database& into, store::run_id run);

    store::run_id run() const { return run_; }
    void opened(connection& here);
    void closed(connection& here, const std::string& client_saw, const std::string& server_saw,
                nanoseconds at);
    /// @param result  what the probe is called; `flight.doubt` is the reason for `voided`.
    void settled(const flight& probe, outcome result, nanoseconds at);
    void happened(nanoseconds at, const std::string& kind, const std::string& detail);
    void sampled(nanoseconds at, const std::string& source, const wire::socket_facts& facts);
    void sampled(nanoseconds at, const std::string& source,
                 std::span<const path_quality::counter> figures);
    /// Waits until all is on disk.
    void end(store::run_state how, const std::string& note);
    /// Calls `then` when all that was written down before is on disk, perhaps at once; in order.
    void when_kept(std::function<void()> then);

private:
    struct ages {
        std::optional<nanoseconds> last_delivered;
        std::optional<nanoseconds> first_undelivered;
    };

    void keep(row what);
    void look();

    store::run_id run_;
    std::map<std::uint32_t, ages> ages_;
    std::uint64_t last_{};                                                 // row that was written
    std::deque<std::pair<std::uint64_t, std::function<void()>>> awaited_;  // with the row before it
    std::shared_ptr<ledger> self_;  // what the loop was told comes to nothing when it is gone
    store::recorder recorder_;
};

}  // namespace deadair::prober
