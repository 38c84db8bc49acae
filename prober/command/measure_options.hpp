#pragma once

#include <string>
#include <vector>

#include "prober/command/common_options.hpp"
#include "prober/command/hops_options.hpp"
#include "prober/planner/plan.hpp"

namespace deadair::prober {

struct measure_options {
    server_options server;
    record_options record;
    result_options how;
    std::vector<transport> transports;
    std::vector<means> refreshes;
    bool uploads{true};                ///< a few at the end
    std::optional<hops_options> hops;  ///< which box forgets, as the last phase
    bool evidence{true};               ///< at the start and the end
    planner::plan plan;                ///< without its paths, which need the resolved name
    bool fewer_connections{};  ///< may be, where the server allows fewer: nobody asked for a number
};

void add_measure_options(po::options_description& add);
/// @throws usage_error
measure_options read_measure_options(const po::variables_map& given);
/// JSON: every option with its value.
std::string options_json(const measure_options& used);

}  // namespace deadair::prober
