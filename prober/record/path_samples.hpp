#pragma once

#include <boost/asio/steady_timer.hpp>

#include "prober/record/ledger.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/stay_sockets.hpp"

namespace deadair::prober {

/// Writes down what the path is like, at the start of a run, every minute and at its end: the
/// host's TCP counters, the control connection's figures, and its heartbeats where it has some.
class path_samples {
public:
    path_samples(boost::asio::io_context& io, const run_clock& clock, stay_sockets& of,
                 ledger& into);

    void start();
    /// The last sample.
    void finish();

private:
    void sample();
    void wait();

    const run_clock& clock_;
    stay_sockets& ends_;
    ledger& into_;
    boost::asio::steady_timer timer_;
};

}  // namespace deadair::prober
