#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "prober/observation/opening.hpp"
#include "prober/record/ledger.hpp"
#include "prober/task.hpp"
#include "prober/uploads/plan/order.hpp"
#include "prober/uploads/transfer.hpp"

namespace deadair::prober::uploads {

/// Carries out a plan of transfers on a stay of its own at the server, and writes down what came
/// of each.
class measurement final : public task, public control_events, public connection_events {
public:
    struct settings {
        plan what;
        control::settings server;
        store::run description;                          ///< of the run to begin
        std::optional<store::run_id> within;             ///< a run that is over, instead
        run_clock clock;                                 ///< that run's
        std::function<void(const store::upload&)> show;  ///< each transfer that is kept
    };

    /// @param into  outlives it
    measurement(boost::asio::io_context& io, const target& server, settings how, record& into);
    ~measurement() override;

    /// Once it is over; none when the server could not be reached.
    std::optional<store::run_id> run() const { return ledger_ ? ledger_->run() : std::nullopt; }

private:
    // task
    void begin() override;
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return into_.failing(); }
    // control_events
    void on_control_up(const wire::welcome& said, bool resumed) override;
    void on_control_down(const std::string& why) override;
    void on_control_heard() override;
    void on_control_failed(const std::string& why) override { fail(why); }
    void on_tickets(const wire::tickets& said) override;
    void on_spoke(const wire::spoke&) override {}
    void on_received(const wire::received&) override {}
    void on_far_end(const wire::ended&) override {}
    void on_far_state(const wire::state& said) override;
    void on_transferred(const wire::transferred& said) override;
    // connection_events
    void on_joined(connection& here) override;
    void on_heard(connection&, std::uint32_t) override {}
    void on_bulk(connection& here, std::size_t bytes) override;
    void on_drained(connection& here) override;
    void on_gone(connection& here, wire::end_cause cause, const std::string& why) override;

    void drive();
    void arm();
    void open_what_is_due(nanoseconds now);
    void carry_out(const observation::opening::ask_for_tickets& todo);
    void carry_out(const observation::opening::connect& todo);
    void carry_out(const observation::opening::give_up& todo);
    void carry_out(const observation::opening::end& todo);
    void look_at(transfer& one, nanoseconds now);
    void lost(transfer& one, wire::end_cause cause, const std::string& why);
    void settle(transfer& one, ending how);
    void kept(const trial& what, const store::upload& row);
    void drop_all(const std::string& why);
    transfer* find(std::uint32_t number);
    void finish(store::run_state state);

    boost::asio::io_context& io_;
    const target& server_;
    settings with_;
    record& into_;
    const run_clock& clock_;
    control control_;
    boost::asio::steady_timer timer_;
    unsigned retries_;
    nanoseconds began_{};
    order order_;
    observation::opening opening_;
    std::map<std::uint32_t, trial> to_open_;
    std::map<std::uint32_t, std::unique_ptr<transfer>> live_;
    std::size_t unkept_{};  // that are settled
    std::optional<ledger> ledger_;
};

}  // namespace deadair::prober::uploads
