#pragma once

#include <span>
#include <string>

#include "analysis/path/tcp_counters.hpp"
#include "analysis/store/store.hpp"
#include "prober/connection.hpp"
#include "prober/flight.hpp"

namespace deadair::prober {

/// Writes down what happens, at once: each call is on disk when it returns.
class ledger {
public:
    ledger(store::database& into, const store::run& started);

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
    void end(store::run_state how, const std::string& note);

private:
    struct ages {
        std::optional<nanoseconds> last_delivered;
        std::optional<nanoseconds> first_undelivered;
    };

    store::database& into_;
    store::run_id run_;
    std::map<std::uint32_t, ages> ages_;
};

}  // namespace deadair::prober
