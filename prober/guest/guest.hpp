#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "prober/guest/line.hpp"
#include "prober/observation/lookout.hpp"
#include "prober/session/any_stay.hpp"
#include "prober/session/inbox.hpp"

namespace deadair::prober {

/// The sockets of a stay at a server of another make, which knows nothing of us: the connections
/// under test, and one more that shows whether the path works.
class guest final : public stay_sockets, public line_events {
public:
    /// @param at  outlives it, as does `into`
    guest(boost::asio::io_context& io, const host& at, std::uint32_t connections_max,
          const run_clock& clock, inbox& into);

    ~guest() override { stop_all(); }

    void start() override { beat(); }
    void stop() override { stop_all(); }
    void carry_out(const observation::action& wanted) override;
    std::optional<opened_connection> opened(std::uint32_t number) override;
    std::optional<socket_facts> facts(observation::connection_id number) override;
    socket_facts control_facts() override;
    const heartbeats* beats() const override { return nullptr; }

private:
    /// A connection under test.
    struct tested {
        std::shared_ptr<line> wire;
        std::shared_ptr<line> twin{};                     // as busy as can be, and asked the same
        std::optional<observation::let_speak> delayed{};  // what the twin is asked, or will be
        nanoseconds delayed_since{};
        bool asked_for_later{};  // what was asked last
        path on;
        nanoseconds opened{};
        std::optional<nanoseconds> listens_since{};    // and has not heard the first word
        std::optional<std::uint32_t> to_hear{};        // the server could not be told yet
        std::optional<observation::probe_id> asked{};  // and not answered, or not heard
        nanoseconds quiet_since{};                     // it has been let in, or has answered
        std::optional<std::uint32_t> segments_in{};    // since then, once that is settled
        nanoseconds settled{};    // so long after: what came before may have been the server's own
        bool trailed{};           // something came before
        nanoseconds looked_at{};  // when nothing had come since
    };

    void carry_out_one(const observation::connect& wanted);
    void carry_out_one(const observation::request_tickets& wanted);
    void carry_out_one(const observation::speak& wanted);
    void carry_out_one(const observation::let_speak& wanted);
    void carry_out_one(const observation::query& wanted);
    void carry_out_one(const observation::end_connection& wanted);
    void carry_out_one(const observation::end_control& wanted);
    /// What this server cannot be made to do: nobody asks for it.
    template <class Other>
    void carry_out_one(const Other& /*wanted*/)
    {
    }

    void carry_out_one(const observation::lookout::open& wanted);
    void carry_out_one(const observation::lookout::ask& wanted);
    void carry_out_one(const observation::lookout::end& wanted);
    void stop_all();
    void look();
    void listen_to(std::uint32_t number, tested& one, nanoseconds now);
    void let_speak(std::uint32_t on, tested& one, std::uint32_t number);
    void let_speak_all();
    void ask_both(std::uint32_t number, tested& one);
    void twin_answered(std::uint32_t number, tested& one);
    void twin_gone(std::uint32_t number, tested& one);
    void give_up_deaf(std::uint32_t number, tested& one);
    void expect(tested& one, observation::probe_id probe);
    void let_in(std::uint32_t number, tested& one);
    dialogue::fresh fresh_of(std::uint32_t number) const;
    void beat();

    void on_ready(line& here) override;
    void on_answer(line& here, bool last) override;
    void on_spoken(line& here, std::uint32_t number) override;
    void on_told(line& here, std::uint32_t number, bool known) override;
    void on_unasked(line& here) override;
    void on_refused(line& here, const std::string& why) override;
    void on_gone(line& here, wire::end_cause cause, const std::string& why) override;

    boost::asio::io_context& io_;
    const host& at_;
    const run_clock& clock_;
    inbox& inbox_;
    observation::lookout lookout_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<line> outlook_;
    std::map<std::uint32_t, tested> tested_;
    std::string stay_;  // nobody else's messages have this name
    /// When the server was told to say it, and on which connection; by probe.
    std::map<observation::probe_id, std::pair<std::uint32_t, nanoseconds>> to_be_said_;
};

/// What begins such a stay for a user. @param at  outlives it
std::function<std::unique_ptr<any_stay>(stay_user&)> guest_at(boost::asio::io_context& io,
                                                              const host& at,
                                                              std::uint32_t connections_max);

}  // namespace deadair::prober
