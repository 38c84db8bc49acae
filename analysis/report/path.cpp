#include "analysis/report/path.hpp"

#include <fmt/format.h>

#include <vector>

#include "analysis/path/quality.hpp"

namespace deadair::report {

std::string path_text(std::span<const store::path_sample> host)
{
    std::vector<path_quality::sample> samples;
    for (const auto& each : host)
        samples.push_back({.at = each.at, .name = each.name, .value = each.value});
    const auto found = path_quality::quality_of(samples);
    if (!found)
        return "path: this host's TCP counters tell nothing of this run\n";
    return fmt::format("path: {}\n", path_quality::describe(*found));
}

}  // namespace deadair::report
