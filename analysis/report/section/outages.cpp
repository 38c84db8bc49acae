#include "analysis/report/section/outages.hpp"

namespace deadair::report {

std::vector<time_range> outages(const material& from)
{
    std::vector<time_range> all;
    bool open = false;
    for (const auto& each : from.events) {
        if (each.kind == "outage_began" && !open)
            all.push_back({.low = each.at, .high = from.lasted});
        if (each.kind == "outage_ended" && open)
            all.back().high = each.at;
        open = each.kind == "outage_began" || (open && each.kind != "outage_ended");
    }
    return all;
}

}  // namespace deadair::report
