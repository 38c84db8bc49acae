#include "prober/session/companion.hpp"

namespace deadair::prober {

outcome outcome_of(wire::end_cause cause)
{
    switch (cause) {
        case wire::end_cause::reset:
            return outcome::reset;
        case wire::end_cause::closed:
            return outcome::closed;
        case wire::end_cause::timed_out:
            return outcome::lost;
        default:
            return outcome::voided;
    }
}

void companion::speak(observation::probe_id probe, observation::connection_id connection)
{
    control_.speak(probe, connection);
}

void companion::query(observation::connection_id connection)
{
    control_.query(connection);
}

void companion::refresh(observation::connection_id connection, deadair::refresh by,
                        std::chrono::milliseconds every)
{
    control_.refresh_by({.connection = connection, .by = by, .every = every});
}

observation::spoke companion::answer(const wire::spoke& said) const
{
    const auto& clock = control_.server_clock();
    return {.probe = said.probe,
            .connection = said.connection,
            .at = clock.to_ours(said.at),
            .error = clock.error(),
            .gone = said.cause != wire::end_cause::nothing,
            .before = said.before};
}

observation::received companion::answer(const wire::received& said) const
{
    const auto& clock = control_.server_clock();
    return {.probe = said.probe,
            .connection = said.connection,
            .at = clock.to_ours(said.at),
            .error = clock.error()};
}

observation::far_ended companion::answer(const wire::ended& said) const
{
    return {.connection = said.connection,
            .how = outcome_of(said.cause),
            .server_saw = std::string{wire::to_string(said.cause)}};
}

observation::far_state companion::answer(const wire::state& said) const
{
    return {.connection = said.connection, .open = said.open, .now = said.now};
}

}  // namespace deadair::prober
