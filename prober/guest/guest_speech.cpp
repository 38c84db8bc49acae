// A server that is made to speak: the lookout's connection publishes, and a connection under test
// hears it. Each hears a first word before it is let in, so that it is known to be reached so.
#include "prober/guest/guest.hpp"
#include "prober/guest/guest_times.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// Of a first word; less than a connection may take to open.
constexpr nanoseconds deaf_after = 5s;

}  // namespace

void guest::carry_out_one(const observation::let_speak& wanted)
{
    const auto found = tested_.find(wanted.connection);
    if (found == tested_.end())
        return;
    auto& here = found->second;
    if (wanted.after == 0ns) {
        expect(here, wanted.probe);
        return let_speak(wanted.connection, here, wanted.probe);
    }
    here.delayed = wanted;
    if (here.twin)
        return ask_both(wanted.connection, here);
    here.twin = std::make_shared<line>(io_, at_, here.on.family,
                                       fresh_of(wanted.connection | twin_bit), *this);
    here.twin->open();
}

void guest::expect(tested& one, observation::probe_id probe)
{
    one.asked_for_later = false;
    one.asked = probe;
    one.segments_in.reset();
    one.trailed = false;
}

void guest::let_speak(std::uint32_t on, tested& one, std::uint32_t number)
{
    one.to_hear.reset();
    if (!lookout_.up()) {
        one.to_hear = number;
        return;
    }
    if (number != first_word)
        to_be_said_.insert_or_assign(number, std::pair{on, clock_.now()});
    outlook_->let_speak(on, number);
}

// What was under way as the last such connection ended may never have been said: a probe is void
// then, and a first word is said again.
void guest::let_speak_all()
{
    to_be_said_.clear();
    for (auto& [number, each] : tested_)
        if (each.to_hear || each.listens_since)
            let_speak(number, each, each.to_hear.value_or(first_word));
}

void guest::give_up_deaf(std::uint32_t number, tested& one)
{
    if (!one.listens_since || clock_.now() - *one.listens_since < deaf_after)
        return;
    one.listens_since.reset();
    inbox_.put(observation::gone{
        .connection = number,
        .how = outcome::voided,
        .why = "it does not hear what another connection publishes: they may be at two servers "
               "behind one name, or this login may publish nothing; --direction to_server measures "
               "without that",
        .ticket_sent = true});
}

void guest::on_spoken(line& here, std::uint32_t number)
{
    auto& one = tested_.at(here.number());
    if (number == first_word) {
        if (one.listens_since) {
            one.listens_since.reset();
            let_in(here.number(), one);
        }
        return;
    }
    one.quiet_since = clock_.now();
    if (one.asked == number)
        one.asked.reset();
    inbox_.put(observation::heard{.probe = number, .connection = here.number()});
}

// The server spoke between our word and its own.
void guest::on_told(line&, std::uint32_t number, bool known)
{
    const auto found = to_be_said_.find(number);
    if (found == to_be_said_.end())
        return;
    const auto [on, wanted] = found->second;
    to_be_said_.erase(found);
    const auto half = (clock_.now() - wanted) / 2;
    inbox_.put(observation::spoke{.probe = number,
                                  .connection = on,
                                  .at = wanted + half,
                                  .error = half + timer_tick,
                                  .gone = !known,
                                  .before = {}});
}

}  // namespace deadair::prober
