#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/store/store.hpp"
#include "prober/uploads/transfer.hpp"

namespace deadair::prober::uploads {

/// Carries out a plan of transfers on a stay of its own at the server, and writes down what came
/// of each.
class measurement final : public control_events, public connection_events {
public:
    struct settings {
        plan what;
        control::settings server;
        store::run description;                          ///< of the run to begin
        std::optional<store::run_id> within;             ///< a run that is under way, instead
        run_clock clock;                                 ///< that run's
        std::function<void(const store::upload&)> show;  ///< each transfer that is over
    };
    struct ending_of_measurement {
        std::optional<store::run_id> id;
        std::string failure;  ///< for people; empty unless it failed
        bool interrupted{};
    };

    measurement(boost::asio::io_context& io, const target& server, settings how,
                store::database& into);
    ~measurement() override;

    /// Until it is over the io_context has work; then `ending()` tells.
    void start();
    void interrupt();
    /// Ends it at once: nothing more is written, and nobody told.
    void abandon();
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }
    const ending_of_measurement& result() const { return result_; }

private:
    void on_control_up(const wire::welcome& said, bool resumed) override;
    void on_control_down(const std::string& why) override;
    void on_control_heard() override { drive(); }
    void on_control_failed(const std::string& why) override;
    void on_tickets(const wire::tickets& said) override;
    void on_spoke(const wire::spoke&) override {}
    void on_received(const wire::received&) override {}
    void on_far_end(const wire::ended&) override {}
    void on_far_state(const wire::state& said) override;
    void on_transferred(const wire::transferred& said) override;
    void on_joined(connection& here) override;
    void on_heard(connection&, std::uint32_t) override {}
    void on_bulk(connection& here, std::size_t bytes) override;
    void on_drained(connection& here) override;
    void on_gone(connection& here, wire::end_cause cause, const std::string& why) override;

    void drive();
    void arm();
    void plan_idle();
    void open_due(nanoseconds now);
    void open_waiting();
    void look_at(transfer& one, nanoseconds now);
    void settle(transfer& one, ending how);
    void drop_all(const std::string& why);
    transfer* find(std::uint32_t number);
    void finish(store::run_state how);
    void stop();

    boost::asio::io_context& io_;
    const target& server_;
    settings how_;
    store::database& into_;
    const run_clock& clock_;
    control control_;
    boost::asio::steady_timer timer_;
    unsigned retries_;
    bool over_{};
    bool idle_planned_{};
    nanoseconds began_{};
    nanoseconds idle_began_{};
    std::deque<trial> fresh_;
    std::deque<trial> idle_;
    std::deque<trial> to_open_;
    std::vector<wire::ticket> tickets_;
    std::size_t tickets_asked_{};
    std::map<std::uint32_t, std::unique_ptr<transfer>> live_;
    std::map<std::tuple<path, transfer_direction, std::uint64_t>, nanoseconds> took_;
    ending_of_measurement result_;
    std::function<void()> when_over_;
};

}  // namespace deadair::prober::uploads
