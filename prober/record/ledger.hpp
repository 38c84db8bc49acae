#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "analysis/path/tcp_counters.hpp"
#include "prober/observation/flight.hpp"
#include "prober/observation/notes.hpp"
#include "prober/record/record.hpp"
#include "prober/record/rows.hpp"
#include "prober/session/connection.hpp"

namespace deadair::prober {

/// What happens in one run, as it is written down.
class ledger {
public:
    /// Begins a run: now, unless its description says when it began.
    /// @param into  outlives it
    ledger(record& into, store::run described);
    /// Goes on with one that was begun before.
    ledger(record& into, store::run_id run);
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;

    /// The run's number, once it is on disk.
    std::optional<store::run_id> run() const;

    void opened(const opened_connection& here);
    void closed(std::uint32_t connection, const std::string& client_saw, nanoseconds at);
    /// @param result  what the probe is called; `flight.doubt` is the reason for `voided`.
    void settled(const flight& probe, outcome result, nanoseconds at);
    void happened(nanoseconds at, observation::happening what, const std::string& detail);
    void sampled(nanoseconds at, const std::string& source, const wire::socket_facts& facts);
    void sampled(nanoseconds at, const std::string& source,
                 std::span<const path_quality::counter> figures);
    void keep(row what);
    /// @param note  empty: none
    void end(store::run_state how, const std::string& note = {});

    /// Calls `then` when all that was written down before is on disk, perhaps at once; in order.
    /// Comes to nothing when the ledger is gone.
    void when_kept(std::function<void()> then);

private:
    struct ages {
        std::optional<nanoseconds> last_delivered;
        std::optional<nanoseconds> first_undelivered;
    };

    record& into_;
    std::shared_ptr<store::run_id> id_;  // of the recorder's thread until `begun_` is kept
    std::uint64_t begun_{};              // the row with which it began
    std::map<std::uint32_t, ages> ages_;
    std::shared_ptr<ledger> self_{this, [](ledger*) {}};  // to tell whether it is gone
};

}  // namespace deadair::prober
