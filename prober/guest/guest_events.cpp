// What the lines of a stay tell.
#include "echo-server/transport/socket.hpp"
#include "prober/guest/guest.hpp"
#include "prober/guest/guest_times.hpp"
#include "prober/session/companion.hpp"

namespace deadair::prober {

void guest::on_ready(line& here)
{
    if ((here.number() & twin_bit) != 0) {
        net::keep_alive(here.native_socket(), once_a_second);
        const auto of = here.number() & ~twin_bit;
        return ask_both(of, tested_.at(of));
    }
    if (here.number() != lookout_number) {
        auto& one = tested_.at(here.number());
        if (!at_.lets_speak)
            return let_in(here.number(), one);
        one.listens_since = clock_.now();
        return let_speak(here.number(), one, first_word);
    }
    net::keep_alive(here.native_socket(), once_a_second);
    lookout_.opened(clock_.now());
    look();
    let_speak_all();
}

void guest::let_in(std::uint32_t number, tested& one)
{
    one.quiet_since = clock_.now();
    inbox_.put(observation::joined{number});
}

void guest::on_answer(line& here, bool last)
{
    if (here.number() == lookout_number) {
        lookout_.answered(clock_.now());
        return look();
    }
    if ((here.number() & twin_bit) != 0) {
        const auto of = here.number() & ~twin_bit;
        return twin_answered(of, tested_.at(of));
    }
    auto& one = tested_.at(here.number());
    one.quiet_since = clock_.now();
    const auto probe = std::exchange(one.asked, {});
    if (probe && one.asked_for_later)
        inbox_.put(observation::heard{.probe = *probe, .connection = here.number()});
    else if (probe)
        inbox_.put(observation::received{
            .probe = *probe, .connection = here.number(), .at = clock_.now(), .error = {}});
    if (last)
        inbox_.put(observation::gone{.connection = here.number(),
                                     .how = outcome::voided,
                                     .why = "the server keeps it for no more questions",
                                     .ticket_sent = true});
}

// The kernel has counted it, and the next beat sees that.
void guest::on_unasked(line&) {}

void guest::on_refused(line&, const std::string& why)
{
    lookout_.refused(why);
    look();
}

void guest::on_gone(line& here, wire::end_cause cause, const std::string& why)
{
    if (here.number() == lookout_number) {
        lookout_.gone(outcome_of(cause), why, clock_.now());
        return look();
    }
    if ((here.number() & twin_bit) != 0) {
        const auto of = here.number() & ~twin_bit;
        return twin_gone(of, tested_.at(of));
    }
    // Who closes instead of sending the alert has answered as well.
    if (at_.speaks == dialogue::language::tls && cause == wire::end_cause::closed &&
        tested_.at(here.number()).asked)
        return on_answer(here, true);
    const auto& one = tested_.at(here.number());
    const bool closed = cause == wire::end_cause::closed;
    const bool by_server = closed && clock_.now() - one.quiet_since >= server_at_once;
    inbox_.put(observation::gone{.connection = here.number(),
                                 .how = closed && !by_server ? outcome::voided : outcome_of(cause),
                                 .why = why,
                                 .ticket_sent = true,
                                 .by_server = by_server,
                                 .server_saw = by_server ? "closed" : "",
                                 .seen_at = by_server && one.trailed
                                                ? std::optional{clock_.now() - one.settled}
                                                : std::nullopt});
}

}  // namespace deadair::prober
