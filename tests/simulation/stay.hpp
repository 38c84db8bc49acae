#pragma once

#include <map>
#include <vector>

#include "prober/observation/observation.hpp"
#include "tests/simulation/companion.hpp"

namespace deadair::simulation {

/// The prober's host, with the world around it: does what observation asks for, and tells it what
/// was seen. The place of `prober/session` in a run.
class stay final : private tcp_user, public observation::near_end {
public:
    struct letter {
        time at{};
        observation::event what;
    };

    stay(middlebox& box, const network& net, std::uint64_t seed);

    timeline& when() { return when_; }
    void start();
    /// What was seen since the last time.
    std::vector<letter> take_letters() { return std::exchange(letters_, {}); }
    bool has_letters() const { return !letters_.empty(); }
    void carry_out(const observation::action& todo);
    std::optional<socket_facts> facts(observation::connection_id connection) override
    {
        return ends_.facts(connection, side::inside);
    }
    std::uint16_t port_of(flow_id flow) const;

private:
    void opened(flow_id flow) override;
    void refused(flow_id flow) override;
    void arrived(flow_id flow, side at, message what) override;
    void ended(flow_id flow, side at, outcome how) override;

    void befall();
    void restart();
    void fall_asleep();
    void put(observation::event what) { letters_.push_back({when_.now(), std::move(what)}); }

    void take(const observation::connect& todo);
    void take(const observation::request_tickets& todo);
    void take(const observation::speak& todo);
    void take(const observation::let_speak& todo);
    void take(const observation::query& todo);
    void take(const observation::refresh_connection& todo);
    void take(const observation::refresh_within& todo);
    void take(const observation::end_connection& todo);
    void take(const observation::end_control& todo);
    void refresh(flow_id flow, side from, deadair::refresh by, nanoseconds every);
    void keepalive(flow_id flow, side from, int more);

    const network& net_;
    random_source random_;
    timeline when_;
    carrier by_;
    tcp ends_;
    control control_;
    companion server_;
    std::vector<letter> letters_;
};

}  // namespace deadair::simulation
