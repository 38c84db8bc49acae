#pragma once

#include <map>

#include "prober/hold/holder.hpp"
#include "prober/record/rows.hpp"
#include "prober/session/session.hpp"

namespace deadair::prober {

/// What held connections tell their user.
class holding_events {
public:
    virtual ~holding_events() = default;
    /// The server answered. Called once. @return the run that all of it belongs to
    virtual store::run_id on_begin() = 0;
    /// It did not answer as it should; the last call.
    virtual void on_refused(const std::string& why) = 0;
    /// To be written down.
    virtual void keep(row what) = 0;
    /// As the table `events` has it; kept already.
    virtual void on_event(const std::string&, const std::string&) {}
    /// Kept already. @param over  nullptr when it had ended
    virtual void on_said(const hold::message& said, const flight& probe, outcome result,
                         connection* over) = 0;
    /// A connection ended by itself; kept already.
    virtual void on_ended(connection& here, const flight& seen, outcome result, bool control) = 0;
    /// Nothing more will be said.
    virtual void on_done() {}
};

/// Holds connections at a server as a `holder` says, each with its settings.
class holding final : public session_events {
public:
    struct settings {
        control::settings server;
        hold::plan plan;
        hold::settings with;
    };

    holding(boost::asio::io_context& io, const target& server, settings how, holding_events& user);

    void start() { session_.start(); }
    /// Closes everything; the io_context has no work of this any more.
    void stop();

    nanoseconds now() const { return session_.now(); }
    session& stay() { return session_; }
    /// When this connection was last known to work.
    nanoseconds last_alive(connection& here) const;

private:
    void on_begin(const wire::welcome& said) override;
    void on_refused(const std::string& why) override { user_.on_refused(why); }
    void on_event(const std::string& kind, const std::string& detail) override;
    void on_outage() override { holder_.outage(true); }
    void on_outage_over() override { holder_.outage(false); }
    void on_opened(connection& here) override;
    void on_open_failed(std::uint32_t number) override;
    void on_settled(const flight& probe, outcome result) override;
    void on_ended(const flight& seen, outcome result) override;
    void on_voided(std::uint32_t number) override { holder_.ended(number, session_.now()); }
    void on_late(const flight&) override {}
    void on_closed(connection& here, const std::string& client_saw) override;
    void on_turn() override;
    std::optional<nanoseconds> wake_at() override { return holder_.wake_at(); }

    settings how_;
    holding_events& user_;
    hold::holder holder_;
    session session_;
    store::run_id run_{};
    std::map<std::uint32_t, hold::message> under_way_;  // by number
};

}  // namespace deadair::prober
