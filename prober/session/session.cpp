#include "prober/session/session.hpp"

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
// Unprompted ends are numbered apart from the user's probes.
constexpr std::uint32_t unprompted_first = 0x8000'0000;

}  // namespace

session::session(boost::asio::io_context& io, const target& server, settings how,
                 session_events& user)
    : io_{io},
      server_{server},
      how_{std::move(how)},
      user_{user},
      control_{io, server, how_.server, clock_, *this},
      refreshes_{io},
      timer_{io},
      last_unprompted_{unprompted_first}
{
}

session::~session() = default;

void session::start()
{
    control_.start();
}

void session::stop()
{
    over_ = true;
    timer_.cancel();
    refreshes_.stop();
    control_.stop();
}

void session::on_control_up(const wire::welcome& said, bool resumed)
{
    if (!begun_)
        return begin(said);
    if (!resumed)
        start_over();
    doubt_bindings();
}

void session::begin(const wire::welcome& said)
{
    begun_ = true;
    const auto rto = std::chrono::microseconds{control_.facts().rto_us};
    how_.verdict_after =
        std::max<nanoseconds>(how_.verdict_after, verdict_retransmission_timeouts * rto);
    user_.on_begin(said);
    turn_soon();
}

// The server does not know our session any more: it was restarted, or we were away for too long.
void session::start_over()
{
    user_.on_event("server_restarted",
                   "the server no longer knows the session; its connections are void");
    tickets_.clear();
    tickets_asked_ = 0;
    void_connections();
}

void session::void_connections()
{
    while (!connections_.empty()) {
        const auto number = connections_.begin()->first;
        user_.on_voided(number);
        close(number, "own");
    }
}

void session::on_control_down(const std::string& why)
{
    if (!begun_ || over_)
        return;
    if (!std::exchange(outage_, true))
        worked_until_ = control_.worked_at();
    user_.on_event("outage_began", why);
    user_.on_outage();
    void_flights("the control connection failed while the probe was under way");
    turn_soon();
}

void session::on_control_heard()
{
    outage_over();
}

void session::outage_over()
{
    if (!std::exchange(outage_, false))
        return;
    user_.on_event("outage_ended", "the control connection works again");
    user_.on_outage_over();
    tickets_asked_ = 0;
    turn_soon();
}

void session::on_control_failed(const std::string& why)
{
    user_.on_refused(why);
}

void session::turn_soon()
{
    if (over_ || std::exchange(turn_pending_, true))
        return;
    boost::asio::post(io_, [this] {
        turn_pending_ = false;
        turn();
    });
}

void session::turn()
{
    if (over_ || !begun_)
        return;
    const auto now = clock_.now();
    watch_host();
    silence_settles(now);
    give_up_opening(now);
    step_flights(now);
    user_.on_turn();
    if (over_)
        return;
    open_waiting();
    arm();
}

void session::arm()
{
    auto wake = user_.wake_at();
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
            turn();
    });
}

// A host that slept, or a process that was stopped, cannot vouch for what was under way.
void session::watch_host()
{
    const auto slept = sleep_.slept();
    const auto stalled =
        expected_wake_ > nanoseconds{} ? clock_.now() - expected_wake_ : nanoseconds{};
    if (slept < stall_max && stalled < stall_max)
        return;
    user_.on_event("suspended",
                   fmt::format("the host slept or the program was stopped for {:.1f} s",
                               to_seconds(std::max(slept, stalled))));
    void_flights("the host slept or the program was stopped while the probe was under way");
    // While the host slept, idle ages grew and our clock stood still.
    if (slept >= stall_max)
        void_connections();
}

connection* session::find(std::uint32_t number)
{
    const auto found = connections_.find(number);
    return found == connections_.end() ? nullptr : found->second.get();
}

}  // namespace deadair::prober
