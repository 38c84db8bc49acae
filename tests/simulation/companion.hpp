#pragma once

#include "tests/simulation/control.hpp"
#include "tests/simulation/tcp.hpp"

namespace deadair::simulation {

/// The server: speaks when it is asked to, and reports what its ends see. It proves nothing.
class companion {
public:
    /// @param clock_off  how wrong its times are once translated to the prober's clock
    companion(timeline& when, const network& net, tcp& ends, control& over, nanoseconds clock_off)
        : when_{when}, net_{net}, ends_{ends}, over_{over}, clock_off_{clock_off}
    {
    }

    // What the prober asks for; takes its way over the control connection.
    void give_tickets(std::uint16_t count);
    void speak(observation::probe_id probe, flow_id flow);
    void query(flow_id flow);

    // What its ends see.
    void arrived(flow_id flow, message what);
    void ended(flow_id flow, outcome how);

private:
    void report(observation::event what);
    time seen_at() const { return when_.now() + clock_off_; }

    timeline& when_;
    const network& net_;
    tcp& ends_;
    control& over_;
    nanoseconds clock_off_;
};

}  // namespace deadair::simulation
