#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "prober/observation/observation.hpp"
#include "tests/unit/prober/observation/told_so_far.hpp"

/// A session, a server and two kernels in simulated time, for an observation to look at.
namespace deadair::observation::testing {

using namespace std::chrono_literals;

class scene final : public near_end, public told_so_far {
public:
    scene() : seen{{.verdict_after = 2s}, *this} {}

    std::optional<socket_facts> facts(connection_id connection) override
    {
        const auto found = kernel.find(connection);
        return found == kernel.end() ? std::nullopt : std::optional{found->second};
    }

    void tell(const event& what)
    {
        seen.on(what, now);
        turn();
    }
    void turn()
    {
        for (auto& each : seen.act(now))
            todo.push_back(std::move(each));
        for (auto& each : seen.take_notes())
            notes.push_back(std::move(each));
    }
    /// All that is due until then, each at its time.
    void pass(nanoseconds time_from_now)
    {
        const auto until = now + time_from_now;
        while (const auto wake = seen.wake_at()) {
            if (*wake > until)
                break;
            now = std::max(now, *wake);
            turn();
        }
        now = until;
        turn();
    }

    /// The server answers; heartbeats take 20 ms.
    void begin()
    {
        tell(control_measured{.rto = 220ms, .clock_error = 10ms});
        tell(control_up{.resumed = false, .connections_max = 256});
    }
    void want(connection_id number)
    {
        todo.clear();
        seen.open(number, path{.server_port = 7443});
        turn();
        if (const auto* const ask = last<request_tickets>())
            tell(tickets{std::vector<opening::ticket>(ask->count)});
    }
    void join(connection_id number)
    {
        kernel[number] = {
            .segments_in = 10, .segments_out = 10, .rtt_us = 20'000, .rto_us = 220'000};
        tell(joined{number});
    }
    void open(connection_id number)
    {
        want(number);
        join(number);
        pass(settle_after);
    }
    void ask(probe_id number, connection_id over, direction way)
    {
        seen.probe(number, over, way, now);
        turn();
        if (way == direction::to_server && last<speak>() != nullptr)
            tell(said{number, over, kernel[over]});
    }
    /// The far end spoke, as it truly does: the silence in its kernel is ours.
    spoke spoke_at(time at, probe_id number, connection_id over) const
    {
        return {.probe = number,
                .connection = over,
                .at = at,
                .error = 10ms,
                .before = quiet_since_ever()};
    }
    static socket_facts quiet_since_ever()
    {
        return {.segments_in = 10,
                .segments_out = 10,
                .since_data_sent_ms = 4'000'000,
                .since_data_received_ms = 4'000'000,
                .since_ack_received_ms = 4'000'000};
    }
    static far_state state_of(connection_id number, bool open)
    {
        return {.connection = number, .open = open, .now = quiet_since_ever()};
    }

    time now{1s};
    std::map<connection_id, socket_facts> kernel;
    observation seen;
};

}  // namespace deadair::observation::testing
