#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/store/store.hpp"

namespace deadair::report {

/// A run's answer as OpenMetrics text, which the textfile collector of Prometheus's node exporter
/// takes too: gauges without times of their own, each series once.
/// @param watched  what the watch that the run is part of adds up to, if it is part of one
/// Sources: OpenMetrics 1.0; prometheus/node_exporter README, textfile collector.
std::string openmetrics(const store::run& which, std::span<const estimate::finding> found,
                        std::span<const recommend::recommendation> settings,
                        const std::optional<store::watch_sums>& watched = {});

}  // namespace deadair::report
