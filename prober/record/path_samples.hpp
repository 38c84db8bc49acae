#pragma once

#include <boost/asio/steady_timer.hpp>

#include "prober/record/ledger.hpp"
#include "prober/session/control.hpp"

namespace deadair::prober {

/// Writes down what the path is like, at the start of a run, every minute and at its end: the
/// host's TCP counters, the control connection's figures, and its heartbeats.
class path_samples {
public:
    path_samples(boost::asio::io_context& io, const run_clock& clock, control& of, ledger& into);

    void start();
    /// The last sample.
    void finish();

private:
    void sample();
    void wait();

    const run_clock& clock_;
    control& control_;
    ledger& into_;
    boost::asio::steady_timer timer_;
};

}  // namespace deadair::prober
