#include "prober/session/stay.hpp"

#include <algorithm>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// The host is looked at so often, even if nothing is due.
constexpr nanoseconds look_every = 1s;

}  // namespace

stay::stay(boost::asio::io_context& io, const target& server, settings how, stay_user& user)
    : user_{user},
      clock_{how.clock},
      inbox_{io, clock_, [this] { turn(); }},
      session_{io, server, std::move(how.server), clock_, inbox_},
      observation_{{.verdict_after = how.verdict_after}, session_}
{
}

void stay::stop()
{
    over_ = true;
    inbox_.stop();
    session_.stop();
}

void stay::turn()
{
    if (over_)
        return;
    const auto now = clock_.now();
    observation_.on(
        observation::woke{.expected = expected_wake_.value_or(now), .slept = sleep_.slept()}, now);
    for (const auto& each : inbox_.take())
        observation_.on(each.what, each.at);
    tell();
    if (!over_ && observation_.begun())
        user_.plan();
    act();
    arm();
}

// What the user makes of it may end the stay.
void stay::tell()
{
    for (const auto& each : observation_.take_notes()) {
        if (over_)
            return;
        user_.on(each);
    }
}

// What came of it is told before a connection that it speaks of is gone.
void stay::act()
{
    if (over_)
        return;
    const auto wanted = observation_.act(clock_.now());
    const auto news = observation_.take_notes();
    for (const auto& each : news)
        if (!over_)
            user_.on(each);
    for (const auto& each : wanted)
        session_.carry_out(each);
    if (!news.empty() && !over_)
        inbox_.wake();
}

void stay::arm()
{
    if (over_)
        return;
    auto wake = clock_.now() + look_every;
    const auto wanted = observation_.begun() ? user_.wake_at() : std::nullopt;
    for (const auto& each : {observation_.wake_at(), wanted})
        if (each)
            wake = std::min(wake, *each);
    expected_wake_ = wake;
    inbox_.sleep_until(wake);
}

void stay::probe(std::uint32_t number, std::uint32_t over, direction way)
{
    observation_.probe(number, over, way, clock_.now());
}

void stay::refresh_by(std::uint32_t number, means how, std::chrono::milliseconds every)
{
    observation_.refresh_by(number, how, every);
}

void stay::close(std::uint32_t number, const std::string& client_saw)
{
    observation_.close(number, client_saw, clock_.now());
}

void stay::close_all()
{
    observation_.close_all(clock_.now());
    act();
}

void stay::keep(connection& here, const hold::settings& with)
{
    session_.keep(here, with);
    if (with.refreshes(here.on().kind))
        observation_.kept(here.number());
}

}  // namespace deadair::prober
