#pragma once

#include "prober/planner/step.hpp"

/// Whom to ask again once the search knows its answer.
namespace deadair::planner {

/// A connection that is to be asked once it has been silent for so long.
struct appointment {
    connection_id connection{};
    stratum_index where{};
    nanoseconds age{};
};

/// When connections died at ages that others survived, the timeout is not one sharp value. Whether
/// it is drawn anew for each silence (a spread) or belongs to the connection (a mixture: several
/// middleboxes behind one address) shows when the survivors idle to the same age once more.
/// @return nothing when all is explained by one sharp timeout for each group
std::vector<appointment> survivors_of(std::span<const group> groups, const view& see);

/// Those that have reached their age; taken from the list, as are those that ended meanwhile.
std::vector<wish> take_due(std::vector<appointment>& waiting, const view& see);

/// When the next one reaches its age, and the last.
std::optional<time> next_due(std::span<const appointment> waiting, const view& see);
std::optional<time> last_due(std::span<const appointment> waiting, const view& see);

}  // namespace deadair::planner
