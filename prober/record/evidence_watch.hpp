#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "prober/evidence/short_form.hpp"
#include "prober/record/ledger.hpp"
#include "prober/server/server_options.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

/// A part as it is written down.
store::evidence row_of(evidence::part found, store::evidence_moment when, nanoseconds at);

/// Gathers the short form of the evidence at the start and at the end of a run, on a thread of its
/// own, since that waits for answers. Each part is written down as soon as it is there. The
/// connections that it makes are its own: those under test stay as silent as they are.
class evidence_watch {
public:
    struct settings {
        evidence::url named;                  ///< the server as it was asked for
        std::optional<evidence::url> direct;  ///< its address; none behind a proxy
    };
    static settings settings_of(const server_options& wanted, const target& server);

    /// @param what  none: nothing is gathered
    evidence_watch(boost::asio::io_context& io, std::optional<settings> what,
                   const run_clock& clock);
    /// What is not there yet is given up.
    ~evidence_watch();

    /// @param into  outlives it
    void start(ledger& into);
    /// Calls `then` when that of the end is written down, or after two seconds; at once if nothing
    /// was started.
    void finish(std::function<void()> then);

private:
    struct errand;
    void begin(store::evidence_moment when);
    void wait();
    void look();

    std::optional<settings> what_;
    const run_clock& clock_;
    ledger* into_{};  // nullptr until it was started
    boost::asio::steady_timer timer_;
    store::evidence_moment moment_{};
    std::unique_ptr<errand> errand_;
    nanoseconds wait_until_{nanoseconds::max()};
    std::function<void()> then_;
};

}  // namespace deadair::prober
