#include "tests/simulation/control.hpp"

#include "echo-server/wire/limits.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

// As in prober/session/control.cpp.
constexpr nanoseconds interval = wire::heartbeat_interval;
constexpr nanoseconds silence_max = 3 * interval;
constexpr nanoseconds silence_to_reconnect = 6s;
constexpr nanoseconds set_up_max = 10s;
constexpr nanoseconds retry_pause = 1s;
// TCP, TLS, the upgrade and our handshake.
constexpr int round_trips_to_be_up = 4;
constexpr nanoseconds retransmission_first = 250ms;
constexpr nanoseconds syn_first = 1s;
constexpr std::uint32_t connections_max = 100'000;

time last_beat_before(time when)
{
    return when / interval * interval;
}

}  // namespace

void control::start()
{
    connect();
    tick();
}

// When it gets through: Linux sends again after 1, 3, 7 times the first pause.
time control::arrival(time sent) const
{
    auto left = sent;
    for (int again = 1; again < 16 && net_.blocked(left); ++again)
        left = sent + retransmission_first * ((1 << again) - 1);
    return left + by_.one_way();
}

void control::carry(side from, std::function<void()> what)
{
    auto& last = last_arrival_[static_cast<std::size_t>(from)];
    last = std::max(last, arrival(when_.now()));
    when_.at(last, [this, on = connection_, what = std::move(what)] {
        if (on == connection_)
            what();
    });
}

void control::to_prober(observation::event what)
{
    carry(side::outside, [this, what = std::move(what)] { tell_(what); });
}

void control::connect()
{
    stage_ = stage::connecting;
    since_ = when_.now();
    last_arrival_ = {};
    const auto mine = ++connection_;
    if (!server_runs_)
        return when_.after(net_.round_trip, [this, mine] {
            if (mine == connection_)
                drop("the server refuses");
        });
    auto knocks = since_;
    for (int again = 1; net_.blocked(knocks); ++again)
        knocks = since_ + syn_first * ((1 << again) - 1);
    if (knocks - since_ < set_up_max)
        when_.at(knocks + round_trips_to_be_up * net_.round_trip, [this, mine] { up(mine); });
}

void control::up(std::uint32_t connection)
{
    if (connection != connection_ || !server_runs_)
        return;
    if (always_beats_)
        by_.meet({control_flow, side::inside, packet::kind::open, 0, 0});
    const auto away = by_.slept() - slept_ + when_.now() - heard_at_;
    const bool resumed = been_up_ && session_known_ && away <= wire::session_grace;
    stage_ = stage::up;
    since_ = heard_at_ = worked_at_ = when_.now();
    slept_ = by_.slept();
    been_up_ = session_known_ = true;
    silent_ = false;
    tell_(observation::control_up{.resumed = resumed, .connections_max = connections_max});
    answered(when_.now());
}

void control::tick()
{
    beats_ = true;
    beat();
    const bool all_heard =
        stage_ == stage::up && !silent_ && when_.now() - heard_at_ < 2 * interval;
    if (all_heard && !always_beats_ && !troubles_near())
        return tick_when_it_matters();
    when_.at(last_beat_before(when_.now()) + interval, [this] { tick(); });
}

bool control::troubles_near() const
{
    return std::ranges::any_of(net_.outages, [&](const span_of_time& each) {
        return each.from <= when_.now() + interval && when_.now() < each.to + interval;
    });
}

// At the first beat that something happens to.
void control::tick_when_it_matters()
{
    beats_ = false;
    for (const auto& each : net_.outages) {
        if (each.from <= when_.now())
            continue;
        when_.at(last_beat_before(each.from), [this] {
            if (beats_)
                return;
            // Those before have come back.
            heard_at_ = std::max(heard_at_, when_.now() - interval + net_.round_trip);
            worked_at_ = std::max(worked_at_, when_.now() - interval);
            tick();
        });
        return;
    }
}

void control::beat()
{
    const auto now = when_.now();
    if (stage_ == stage::down) {
        if (now - since_ >= retry_pause)
            connect();
        return;
    }
    if (stage_ == stage::connecting) {
        if (now - since_ >= set_up_max)
            drop("the server did not answer within 10 s");
        return;
    }
    if (passes_beat())
        to_server([this, now] { carry(side::outside, [this, now] { answered(now); }); });
    const auto silence = now - std::max(heard_at_, since_);
    if (silence > silence_to_reconnect)
        return drop("the control connection is silent");
    if (silence > silence_max && !std::exchange(silent_, true))
        tell_(observation::control_down{"the control connection is silent", worked_at_});
}

bool control::passes_beat()
{
    const packet beat{control_flow, side::inside, packet::kind::data, 0, 60};
    return !always_beats_ || by_.meet(beat).is == fate::kind::passes;
}

void control::answered(time beat_left)
{
    heard_at_ = when_.now();
    worked_at_ = std::max(worked_at_, beat_left);
    tell_(observation::control_measured{.rto = net_.round_trip + 200ms,
                                        .clock_error = clock_error()});
    if (std::exchange(silent_, false))
        tell_(observation::control_heard{});
}

void control::drop(const std::string& why)
{
    const bool was_up = stage_ == stage::up;
    ++connection_;
    stage_ = stage::down;
    since_ = when_.now();
    if (!been_up_)
        return tell_(observation::control_failed{why});
    if (was_up && !beats_)  // it was heard until now
        worked_at_ = std::max(worked_at_, last_beat_before(when_.now() - net_.round_trip));
    if (was_up && !std::exchange(silent_, true))
        tell_(observation::control_down{why, worked_at_});
    if (!std::exchange(beats_, true))
        when_.at(last_beat_before(when_.now()) + interval, [this] { tick(); });
}

void control::server_runs(bool does)
{
    server_runs_ = does;
    if (does)
        return;
    session_known_ = false;
    carry(side::outside, [this] { drop("the server closed the connection"); });
}

}  // namespace deadair::simulation
