#pragma once

#include <optional>
#include <variant>

#include "prober/observation/notes.hpp"
#include "prober/planner/events.hpp"

/// What observation notes, as the plan is told it. Pure, and all in this header, so that the
/// simulator tells it the same way.
namespace deadair::prober {

namespace told {

inline planner::event of(const observation::note::opened& said, nanoseconds /*at*/)
{
    return planner::opened{said.connection, said.idle_since};
}

inline planner::event of(const observation::note::open_failed& said, nanoseconds at)
{
    return planner::open_failed{said.connection, at};
}

inline planner::event of(const observation::note::settled& said, nanoseconds /*at*/)
{
    return planner::settled{.probe = said.probe.probe,
                            .result = said.result,
                            .idle_age = said.probe.idle_age,
                            .idle_age_error = said.probe.idle_age_error,
                            .last_packet = said.probe.last_packet,
                            .unanswered = said.probe.retransmitted + 1};
}

inline planner::event of(const observation::note::late& said, nanoseconds at)
{
    return planner::settled{.probe = said.probe.probe,
                            .result = outcome::late,
                            .idle_age = said.probe.idle_age,
                            .idle_age_error = said.probe.idle_age_error,
                            .last_packet = at,
                            .unanswered = 0};
}

inline planner::event of(const observation::note::ended& said, nanoseconds /*at*/)
{
    return planner::ended{.connection = said.seen.connection,
                          .how = said.result,
                          .idle_age = said.seen.idle_age,
                          .idle_age_error = said.seen.idle_age_error,
                          .at = said.seen.sent};
}

inline planner::event of(const observation::note::voided& said, nanoseconds at)
{
    return planner::ended{
        .connection = said.connection, .how = outcome::voided, .idle_age = {}, .at = at};
}

inline planner::event of(const observation::note::outage_began& /*said*/, nanoseconds at)
{
    return planner::outage_began{at};
}

inline planner::event of(const observation::note::outage_over& /*said*/, nanoseconds at)
{
    return planner::outage_ended{at};
}

}  // namespace told

/// nullopt for what no plan needs to know.
inline std::optional<planner::event> event_of(const observation::noted& what)
{
    return std::visit(
        [&](const auto& said) -> std::optional<planner::event> {
            if constexpr (requires { told::of(said, what.at); })
                return told::of(said, what.at);
            else
                return std::nullopt;
        },
        what.what);
}

}  // namespace deadair::prober
