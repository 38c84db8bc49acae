#pragma once

#include <map>

#include "prober/hold/holder.hpp"
#include "prober/record/ledger.hpp"
#include "prober/session/stay.hpp"

namespace deadair::prober {

/// What held connections tell their user.
class holding_events {
public:
    virtual ~holding_events() = default;
    /// The server answered. Called once. @return where to write down what happens; outlives it
    virtual ledger& on_begin() = 0;
    /// It did not answer as it should; the last call.
    virtual void on_refused(const std::string& why) = 0;
    /// As the table `events` has it; written down already, as is what follows.
    virtual void on_event(observation::happening, const std::string&) {}
    /// @param over  nullptr when it had ended
    virtual void on_said(const hold::message& said, const flight& probe, outcome result,
                         connection* over) = 0;
    /// A connection ended by itself.
    virtual void on_ended(connection& here, const flight& seen, outcome result,
                          bool unprotected) = 0;
    /// Nothing more will be said.
    virtual void on_done() {}
};

/// Holds connections at a server as a `holder` says, each with its settings.
class holding final : public stay_user {
public:
    struct settings {
        control::settings server;
        hold::plan plan;
        hold::settings with;
    };

    holding(boost::asio::io_context& io, const target& server, settings how, holding_events& user);

    void start() { stay_.start(); }
    /// Closes everything; the io_context has no work of this any more.
    void stop();

    nanoseconds now() const { return stay_.now(); }
    prober::stay& stay() { return stay_; }
    /// When this connection was last known to work.
    nanoseconds last_alive(connection& here) const;

private:
    void on(const observation::noted& what) override;
    void plan() override;
    std::optional<nanoseconds> wake_at() const override { return holder_.wake_at(); }

    void hear(const note::begun& said, nanoseconds at);
    void hear(const note::failed& said, nanoseconds) { user_.on_refused(said.why); }
    void hear(const note::happened& said, nanoseconds at);
    void hear(const note::outage_began&, nanoseconds) { holder_.outage(true); }
    void hear(const note::outage_over&, nanoseconds) { holder_.outage(false); }
    void hear(const note::opened& said, nanoseconds at);
    void hear(const note::open_failed& said, nanoseconds at);
    void hear(const note::settled& said, nanoseconds at);
    void hear(const note::ended& said, nanoseconds at);
    void hear(const note::voided& said, nanoseconds at) { holder_.ended(said.connection, at); }
    void hear(const note::late&, nanoseconds) {}
    void hear(const note::closed& said, nanoseconds at);

    settings how_;
    holding_events& user_;
    hold::holder holder_;
    prober::stay stay_;
    ledger* into_{};                                    // nullptr until the server answered
    std::map<std::uint32_t, hold::message> under_way_;  // by number
};

}  // namespace deadair::prober
