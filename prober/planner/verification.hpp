#pragma once

#include "prober/planner/step.hpp"

namespace deadair::planner {

/// The group has its answer from all strata together: asks each stratum for a probe that arrives
/// just below it and one that does not just above, then sets `of.done`. A stratum that answers
/// otherwise contradicts the group.
decision verify(group& of, const view& see, const standing_of_group& known);

/// One stratum has come to the end of the range: asks the others for a probe that arrives there.
decision verify_survival(group& of, const view& see);

}  // namespace deadair::planner
