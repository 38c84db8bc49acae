#include "prober/session/any_stay.hpp"

#include <algorithm>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// The host is looked at so often, even if nothing is due.
constexpr nanoseconds look_every = 1s;

}  // namespace

any_stay::any_stay(boost::asio::io_context& io, const settings& how, const make_sockets& make,
                   stay_user& user)
    : user_{user},
      clock_{how.clock},
      inbox_{io, clock_, [this] { turn(); }},
      sockets_{make(clock_, inbox_)},
      observation_{how.seen, *sockets_}
{
}

void any_stay::stop()
{
    over_ = true;
    inbox_.stop();
    sockets_->stop();
}

void any_stay::turn()
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
void any_stay::tell()
{
    for (const auto& each : observation_.take_notes()) {
        if (over_)
            return;
        user_.on(each);
    }
}

// What came of it is told before a connection that it speaks of is gone.
void any_stay::act()
{
    if (over_)
        return;
    const auto wanted = observation_.act(clock_.now());
    const auto news = observation_.take_notes();
    for (const auto& each : news)
        if (!over_)
            user_.on(each);
    for (const auto& each : wanted)
        sockets_->carry_out(each);
    if (!news.empty() && !over_)
        inbox_.wake();
}

void any_stay::arm()
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

void any_stay::probe(std::uint32_t number, std::uint32_t over, direction way, nanoseconds after)
{
    observation_.probe(number, over, way, clock_.now(), after);
}

void any_stay::refresh_by(std::uint32_t number, means how, std::chrono::milliseconds every)
{
    observation_.refresh_by(number, how, every);
}

void any_stay::close(std::uint32_t number, const std::string& client_saw)
{
    observation_.close(number, client_saw, clock_.now());
}

void any_stay::close_all()
{
    observation_.close_all(clock_.now());
    act();
}

}  // namespace deadair::prober
