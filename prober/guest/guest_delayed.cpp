// A server that holds an answer back for as long as it is told to. The same is asked on a twin, a
// connection on which the kernel's keepalives pass: the answer that comes there is the server's
// word that it spoke, and when.
#include <fmt/format.h>

#include "prober/guest/guest.hpp"
#include "prober/guest/guest_times.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// Two timers of one server that are set at once go off about together: it looks at them some times
// a second at least.
constexpr nanoseconds timers_apart = 50ms;

}  // namespace

void guest::ask_both(std::uint32_t number, tested& one)
{
    if (!one.delayed)
        return;
    expect(one, one.delayed->probe);
    one.asked_for_later = true;
    one.delayed_since = clock_.now();
    one.quiet_since = one.delayed_since;
    const auto before = one.wire->facts();
    one.wire->ask_for_later(one.delayed->after);
    one.twin->ask_for_later(one.delayed->after);
    inbox_.put(
        observation::said{.probe = one.delayed->probe, .connection = number, .before = before});
}

void guest::twin_answered(std::uint32_t number, tested& one)
{
    const auto asked = std::exchange(one.delayed, {});
    if (!asked)
        return;
    const auto took = clock_.now() - one.delayed_since;
    if (took < std::min(server_at_once, asked->after / 2)) {
        lookout_.refused(
            fmt::format("the server answers --delayed-url after {:.3f} s instead of {}; does it "
                        "delay there, and "
                        "does its placeholder stand in the right place?",
                        to_seconds(took), format_duration(asked->after)));
        return look();
    }
    const nanoseconds half = std::chrono::microseconds{one.twin->facts().rtt_us} / 2;
    inbox_.put(observation::spoke{.probe = asked->probe,
                                  .connection = number,
                                  .at = clock_.now() - half,
                                  .error = half + timer_tick + timers_apart,
                                  .gone = false,
                                  .before = {}});
}

void guest::twin_gone(std::uint32_t number, tested& one)
{
    one.twin.reset();
    if (std::exchange(one.delayed, {}))
        inbox_.put(observation::gone{
            .connection = number,
            .how = outcome::voided,
            .why = "the connection beside it ended, on which the answer was to come as well",
            .ticket_sent = true});
}

}  // namespace deadair::prober
