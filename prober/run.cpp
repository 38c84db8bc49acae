#include "prober/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// A verdict waits for several retransmissions: Linux sends them after 1, 3, 7 RTO, and the RTO
// is at least 200 ms (RFC 6298 with Linux's TCP_RTO_MIN).
constexpr int verdict_retransmission_timeouts = 8;
// When the loop wakes so much later than it asked, the process was stopped: nothing that was
// under way can be vouched for.
constexpr nanoseconds stall_max = 1s;
constexpr auto draw_interval = 100ms;
// Unprompted ends are numbered apart from the planner's probes.
constexpr planner::probe_id unprompted_first = 0x8000'0000;

}  // namespace

run::run(boost::asio::io_context& io, const target& server, settings how, store::database& into,
         progress& show)
    : io_{io},
      server_{server},
      how_{std::move(how)},
      into_{into},
      show_{show},
      control_{io, server, how_.server, clock_, *this},
      timer_{io},
      draw_timer_{io},
      last_unprompted_{unprompted_first}
{
}

run::~run() = default;

void run::start()
{
    control_.start();
    draw();
}

void run::interrupt()
{
    if (over_)
        return;
    if (ledger_)
        return finish(store::run_state::interrupted);
    result_.interrupted = true;
    give_up("interrupted before the server answered");
}

void run::on_control_up(const wire::welcome& said, bool resumed)
{
    if (!ledger_)
        return begin(said);
    if (!resumed)
        start_over(said);
    outage_over();
}

void run::begin(const wire::welcome& said)
{
    const auto rto = std::chrono::microseconds{control_.facts().rto_us};
    how_.plan.verdict_after =
        std::max<nanoseconds>(how_.plan.verdict_after, verdict_retransmission_timeouts * rto);
    how_.plan.connections = std::min(how_.plan.connections, said.connections_max);
    if (const auto refusal = planner::refuse(how_.plan))
        return give_up(*refusal);
    how_.description.started_at = utc_now();
    ledger_.emplace(into_, how_.description);
    result_.id = ledger_->run();
    planner_.emplace(how_.plan);
    drive();
}

// The server does not know our session any more: it was restarted, or we were away for too long.
void run::start_over(const wire::welcome&)
{
    ledger_->happened(clock_.now(), "server_restarted",
                      "the server no longer knows the session; its connections are void");
    tickets_.clear();
    tickets_asked_ = 0;
    while (!connections_.empty()) {
        const auto number = connections_.begin()->first;
        planner_->on(planner::ended{
            .connection = number, .how = outcome::voided, .idle_age = {}, .at = clock_.now()});
        close(number, "own");
    }
}

void run::on_control_down(const std::string& why)
{
    if (!ledger_ || over_)
        return;
    const auto now = clock_.now();
    outage_ = true;
    ledger_->happened(now, "outage_began", why);
    planner_->on(planner::outage_began{now});
    void_flights("the control connection failed while the probe was under way");
    drive_soon();
}

void run::on_control_heard()
{
    outage_over();
}

void run::outage_over()
{
    if (!std::exchange(outage_, false))
        return;
    const auto now = clock_.now();
    ledger_->happened(now, "outage_ended", "the control connection works again");
    planner_->on(planner::outage_ended{now});
    tickets_asked_ = 0;
    drive_soon();
}

void run::on_control_failed(const std::string& why)
{
    give_up(why);
}

void run::give_up(const std::string& why)
{
    result_.failure = why;
    stop();
}

void run::stop()
{
    over_ = true;
    timer_.cancel();
    draw_timer_.cancel();
    control_.stop();
    show_.finish();
    if (when_over_)
        when_over_();
}

void run::drive_soon()
{
    if (over_ || std::exchange(drive_pending_, true))
        return;
    boost::asio::post(io_, [this] {
        drive_pending_ = false;
        drive();
    });
}

void run::drive()
{
    if (over_ || !planner_)
        return;
    const auto now = clock_.now();
    watch_host();
    silence_settles(now);
    step_flights(now);
    for (const auto& todo : planner_->act(clock_.now()))
        std::visit([this](const auto& what) { carry_out(what); }, todo);
    open_waiting();
    if (planner_->finished() && flights_.empty())
        return finish(store::run_state::finished);
    arm();
}

void run::arm()
{
    auto wake = planner_->wake_at();
    const auto sooner = [&](nanoseconds at) { wake = wake ? std::min(*wake, at) : at; };
    if (!due_.empty())
        sooner(due_.begin()->first);
    if (!resting_.empty())
        sooner(resting_.front().first);
    // Look at the host now and then, even if nothing is due.
    sooner(clock_.now() + 1s);
    expected_wake_ = *wake;
    timer_.expires_at(clock_.at(*wake));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            drive();
    });
}

// A host that slept, or a process that was stopped, cannot vouch for what was under way.
void run::watch_host()
{
    const auto slept = sleep_.slept();
    const auto stalled =
        expected_wake_ > nanoseconds{} ? clock_.now() - expected_wake_ : nanoseconds{};
    if (slept < stall_max && stalled < stall_max)
        return;
    ledger_->happened(clock_.now(), "suspended",
                      fmt::format("the host slept or the program was stopped for {:.1f} s",
                                  to_seconds(std::max(slept, stalled))));
    void_flights("the host slept or the program was stopped while the probe was under way");
    if (slept < stall_max)
        return;
    // While the host slept, idle ages grew and our clock stood still.
    while (!connections_.empty()) {
        const auto number = connections_.begin()->first;
        planner_->on(planner::ended{
            .connection = number, .how = outcome::voided, .idle_age = {}, .at = clock_.now()});
        close(number, "own");
    }
}

void run::draw()
{
    show_.update(
        snapshot{.elapsed = clock_.now(),
                 .expected_end = planner_ ? planner_->expected_end() : nanoseconds{},
                 .counts = counts_,
                 .brackets = planner_ ? planner_->brackets() : std::vector<planner::bracket>{},
                 .phase = planner_ ? planner_->now_in() : planner::phase::opening,
                 .outage = outage_});
    draw_timer_.expires_after(draw_interval);
    draw_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !over_)
            draw();
    });
}

void run::finish(store::run_state how)
{
    ledger_->sampled(clock_.now(), "control", control_.facts());
    while (!connections_.empty())
        close(connections_.begin()->first, "own");
    ledger_->end(how, {});
    result_.state = how;
    stop();
}

connection* run::find(std::uint32_t number)
{
    const auto found = connections_.find(number);
    return found == connections_.end() ? nullptr : found->second.get();
}

}  // namespace deadair::prober
