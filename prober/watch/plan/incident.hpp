#pragma once

#include <deque>

#include "analysis/words/duration.hpp"
#include "analysis/words/incident.hpp"
#include "analysis/words/words.hpp"

namespace deadair::watch_plan {

using time = nanoseconds;

/// What a held connection's failure is called.
/// @param prompted  a message was under way; else the connection ended by itself
incident_kind kind_of(outcome result, bool prompted);

/// Remembers what else happened, to tell why a connection failed.
class context {
public:
    void happened(incident_kind what, time at);
    /// @param last_alive  when the connection was last known to work
    /// @param otherwise   when nothing else happened since
    blame blame_for(time last_alive, time noticed, blame otherwise = blame::settings) const;

private:
    struct memory {
        incident_kind what{};
        time at{};
    };
    std::deque<memory> seen_;  // the latest few
};

}  // namespace deadair::watch_plan
