#include "tests/simulation/companion.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

// Until a program has been woken and has written: an acknowledgement is sooner.
constexpr nanoseconds to_report = 200us;

}  // namespace

void companion::give_tickets(std::uint16_t count)
{
    over_.to_server([this, count] {
        over_.to_prober(observation::tickets{
            std::vector<observation::opening::ticket>(count, observation::opening::ticket{})});
    });
}

void companion::speak(observation::probe_id probe, flow_id flow)
{
    over_.to_server([this, probe, flow] {
        const auto before = ends_.facts(flow, side::outside);
        if (!net_.server_keeps_quiet)
            report(observation::spoke{.probe = probe,
                                      .connection = flow,
                                      .at = seen_at(),
                                      .error = over_.clock_error(),
                                      .gone = !before,
                                      .before = before.value_or(socket_facts{})});
        ends_.say(flow, side::outside, probe);
    });
}

void companion::query(flow_id flow)
{
    over_.to_server([this, flow] {
        const auto now = ends_.facts(flow, side::outside);
        report(observation::far_state{
            .connection = flow, .open = now.has_value(), .now = now.value_or(socket_facts{})});
    });
}

void companion::arrived(flow_id flow, message what)
{
    if (what == 0)
        return;
    const observation::received seen{
        .probe = what, .connection = flow, .at = seen_at(), .error = over_.clock_error()};
    when_.after(to_report, [this, seen] { report(seen); });
}

void companion::ended(flow_id flow, outcome how)
{
    report(observation::far_ended{
        .connection = flow, .how = how, .server_saw = std::string{to_string(how)}});
}

void companion::report(observation::event what)
{
    if (!net_.server_mute || !net_.server_mute->holds(when_.now()))
        over_.to_prober(std::move(what));
}

}  // namespace deadair::simulation
