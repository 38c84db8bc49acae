#pragma once

#include "prober/planner/step.hpp"

/// When connections died at ages that others survived, the timeout is not one sharp value. Whether
/// it is drawn anew for each silence (a spread) or belongs to the connection (a mixture: several
/// middleboxes behind one address) shows when the survivors idle to the same age once more.
namespace deadair::planner {

/// A connection that is to be asked again.
struct survivor {
    connection_id connection{};
    stratum_index where{};
    nanoseconds age{};  ///< that it survived
};

/// Empty when all is explained by one sharp timeout for each group.
std::vector<survivor> survivors_of(std::span<const group> groups, const view& see);

/// Those that have reached their age; taken from the list, as are those that ended meanwhile.
std::vector<wish> due_survivors(std::vector<survivor>& waiting, const view& see);

/// When the next one reaches its age.
std::optional<time> next_survivor(std::span<const survivor> waiting, const view& see);

}  // namespace deadair::planner
