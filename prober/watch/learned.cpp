#include "prober/watch/learned.hpp"

#include <algorithm>

#include "analysis/analyse.hpp"
#include "prober/measure/measured.hpp"

namespace deadair::prober {

learned learn(const store::database& from, store::run_id which)
{
    learned all{.run = which,
                .findings = from.findings(which),
                .open = {},
                .settings = settings_of(from.recommendations(which)),
                .connection_last = {},
                .longest = {}};
    for (const auto& each : from.connections(which))
        all.connection_last = std::max(all.connection_last, each.connection_id);
    for (const auto& each : all.findings)
        all.longest = std::max(all.longest, each.low.value_or(nanoseconds{}));
    if (const auto ages = read_measured(from, which))
        all.longest = ages->longest;
    return all;
}

learned analysed(store::database& from, store::run_id which)
{
    auto open = analyse(from, which, from.conditions(which)).open;
    auto all = learn(from, which);
    all.open = std::move(open);
    return all;
}

}  // namespace deadair::prober
