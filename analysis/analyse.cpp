#include "analysis/analyse.hpp"

namespace deadair {

namespace {

std::vector<nanoseconds> losses_in(const std::vector<store::event>& events)
{
    std::vector<nanoseconds> found;
    for (const auto& each : events)
        if (each.kind == "bindings_lost")
            found.push_back(each.at);
    return found;
}

}  // namespace

analysis analyse(store::database& from, store::run_id which, const recommend::conditions& given)
{
    analysis result;
    const auto seen = from.observations(which);
    result.findings = estimate::estimate(
        seen, {.packet_loss = given.packet_loss, .bindings_lost = losses_in(from.events(which))});
    result.settings = recommend::recommend(result.findings, given);
    // Without a probe nothing is known of silence: what uploads tell of writes stands alone.
    if (seen.empty())
        std::erase_if(result.settings, [](const auto& each) { return !each.value; });
    if (from.writable()) {
        from.replace_findings(which, result.findings);
        from.replace_recommendations(which, result.settings);
    }
    return result;
}

}  // namespace deadair
