#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/store/store.hpp"
#include "prober/hold/settings.hpp"
#include "prober/planner/plan.hpp"
#include "prober/server/server_options.hpp"

namespace deadair::prober {

/// What a watch is to do.
struct watch_settings {
    server_options server;
    std::vector<transport> transports;
    planner::plan measuring;       ///< without its paths
    std::vector<means> refreshes;  ///< tried by each measurement; none: no ages, either
    hold::settings with;           ///< given; nothing set: as each measurement recommends
    bool evidence{true};           ///< gathered with each measurement
    bool boxes{};                  ///< which one forgets is found out after each
    std::optional<nanoseconds> idle_timeout;  ///< assumed; else as measured
    std::uint32_t connections{};              ///< held between the measurements
    nanoseconds every{};
    std::optional<nanoseconds> upload_every;
    std::optional<nanoseconds> lasting;
    std::uint64_t seed{};
    store::run description;  ///< of each of its runs
    SSL_CTX* context{};      ///< outlives it
};

}  // namespace deadair::prober
