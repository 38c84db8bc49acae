#include "analysis/report/path.hpp"

#include <fmt/format.h>

#include <vector>

#include "analysis/path/quality.hpp"

namespace deadair::report {

std::string path_text(std::span<const store::path_sample> all)
{
    std::vector<path_quality::sample> host;
    path_quality::own_segments own;
    for (const auto& each : all) {
        if (each.source == "host")
            host.push_back({.at = each.at, .name = each.name, .value = each.value});
        if (!each.source.starts_with("connection "))
            continue;
        own.sent += each.name == "segments_out" ? each.value : 0;
        own.retransmitted += each.name == "retransmitted_segments" ? each.value : 0;
    }
    const auto found = path_quality::quality_of(host, own);
    if (!found)
        return "path: this host's TCP counters tell nothing of this run\n";
    return fmt::format("path: {}\n", path_quality::describe(*found));
}

}  // namespace deadair::report
