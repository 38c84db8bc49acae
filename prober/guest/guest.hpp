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
        path on;
        nanoseconds opened{};
        std::optional<observation::probe_id> asked{};  // and not answered
        nanoseconds quiet_since{};                     // it has been let in, or has answered
        std::optional<std::uint32_t> segments_in{};    // since then, once that is settled
        nanoseconds settled{};    // so long after: what came before may have been the server's own
        bool trailed{};           // something came before
        nanoseconds looked_at{};  // when nothing had come since
    };

    void carry_out_one(const observation::connect& wanted);
    void carry_out_one(const observation::request_tickets& wanted);
    void carry_out_one(const observation::speak& wanted);
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
    void beat();

    void on_ready(line& here) override;
    void on_answer(line& here, bool last) override;
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
};

/// What begins such a stay for a user. @param at  outlives it
std::function<std::unique_ptr<any_stay>(stay_user&)> guest_at(boost::asio::io_context& io,
                                                              const host& at,
                                                              std::uint32_t connections_max);

}  // namespace deadair::prober
