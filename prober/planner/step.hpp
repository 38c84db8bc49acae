#pragma once

#include <optional>
#include <vector>

#include "prober/planner/group.hpp"

/// What the search for the idle timeout of one group asks next.
namespace deadair::planner {

/// One probe to send now.
struct wish {
    connection_id connection{};
    stratum_index where{};
};

/// What a search wants: probes now, or to be asked again.
struct decision {
    std::vector<wish> probes;
    std::optional<time> again;  ///< nullopt: only an event helps
    bool more_connections{};    ///< there is none left to probe with
};

/// The next step of the search. Sets `of.done` and `of.doing`.
decision decide(group& of, const view& see);

}  // namespace deadair::planner
