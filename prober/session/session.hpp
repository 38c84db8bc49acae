#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "echo-server/transport/refreshes.hpp"
#include "prober/observation/actions.hpp"
#include "prober/session/companion.hpp"
#include "prober/session/connection.hpp"
#include "prober/session/control.hpp"
#include "prober/session/inbox.hpp"
#include "prober/session/stay_sockets.hpp"

namespace deadair::prober {

/// The sockets of a stay at our echo server: the control connection and those under test.
class session final : public stay_sockets, public control_events, public connection_events {
public:
    /// @param into  outlives it, as do the others but `how`
    session(boost::asio::io_context& io, const target& server, control::settings how,
            const run_clock& clock, inbox& into);
    ~session() override;

    void start() override { control_.start(); }
    void stop() override;
    void carry_out(const observation::action& wanted) override;
    std::optional<opened_connection> opened(std::uint32_t number) override;
    socket_facts control_facts() override { return control_.facts(); }
    const heartbeats* beats() const override { return &control_.beats(); }
    /// From now on the client does with it what the settings say.
    void keep(connection& here, const hold::settings& with);

    connection* find(std::uint32_t number);
    control& control_connection() { return control_; }
    std::optional<socket_facts> facts(observation::connection_id number) override;

private:
    void carry_out_one(const observation::connect& wanted);
    void carry_out_one(const observation::request_tickets& wanted);
    void carry_out_one(const observation::speak& wanted);
    void carry_out_one(const observation::let_speak& wanted);
    void carry_out_one(const observation::query& wanted);
    void carry_out_one(const observation::refresh_connection& wanted);
    void carry_out_one(const observation::refresh_within& wanted);
    void carry_out_one(const observation::end_connection& wanted);
    void carry_out_one(const observation::end_control& wanted);

    // control_events
    void on_control_up(const wire::welcome& said, bool resumed) override;
    void on_control_down(const std::string& why) override;
    void on_control_heard() override;
    void on_control_failed(const std::string& why) override;
    void on_control_measured() override;
    void on_tickets(const wire::tickets& said) override;
    void on_spoke(const wire::spoke& said) override;
    void on_received(const wire::received& said) override;
    void on_far_end(const wire::ended& said) override;
    void on_far_state(const wire::state& said) override;
    // connection_events
    void on_joined(connection& here) override;
    void on_heard(connection& here, std::uint32_t probe) override;
    void on_gone(connection& here, wire::end_cause cause, const std::string& why) override;

    boost::asio::io_context& io_;
    const target& server_;
    const run_clock& clock_;
    inbox& inbox_;
    control control_;
    companion companion_;
    net::refreshes refreshes_;
    std::map<std::uint32_t, std::unique_ptr<connection>> connections_;
};

}  // namespace deadair::prober
