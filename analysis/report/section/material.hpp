#pragma once

#include <map>
#include <vector>

#include "analysis/analyse.hpp"

namespace deadair::report {

/// A probe, and what it says something of.
struct placed_probe {
    stratum where;
    store::probe seen;
};

struct measured_upload {
    store::upload what;
    std::vector<store::upload_progress> progress;
};

/// All that a report on one run is made from, read from the file once. Sections read nothing else.
struct material {
    store::run run;
    std::vector<estimate::finding> findings;
    std::vector<recommend::recommendation> settings;
    std::vector<path_limits::limit> limits;
    std::string open;  ///< what was asked for and is not answered; empty: all is
    recommend::conditions path;
    std::vector<store::connection> connections;
    std::vector<store::connection_end> ends;
    std::vector<placed_probe> probes;  ///< in the order in which they were sent
    std::vector<store::event> events;
    std::vector<store::path_sample> samples;
    std::vector<measured_upload> uploads;
    std::vector<store::verification> verified;  ///< of this server, the latest first
    std::optional<store::watch_sums> watched;   ///< the watch that the run is part of
    std::vector<store::incident> incidents;     ///< of that watch, or of the run, in order of time
    std::vector<store::evidence> evidence;
    store::hops_found hops;  ///< of this run, or else of the latest over the same path
    nanoseconds lasted{};    ///< until the last thing that was written down
};

/// Nothing was opened or sent for this run: connections that others made were looked at.
bool looked_on(const store::run& of);

/// Analyses the run anew, as the other commands do. @throws store::store_error
material gather(store::database& from, const store::run& which, const recommend::conditions& path);

}  // namespace deadair::report
