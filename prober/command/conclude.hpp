#pragma once

#include "prober/command/common_options.hpp"
#include "prober/measure/measurement.hpp"

namespace deadair::prober {

/// How the result of a measurement is to be told.
struct conclusion {
    const server_options& server;
    const record_options& record;
    const result_options& how;
    bool boxes_wanted{};  ///< without them it is inconclusive
};

/// Analyses what was measured and prints it. @throws usage_error if what was asked for cannot work
exit_code conclude(store::database& into, const measurement& done, const conclusion& wanted);

}  // namespace deadair::prober
