#include "analysis/analyse.hpp"

#include <string>

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

// What writes need follows from uploads alone; what silence needs, not yet.
void withhold(std::vector<recommend::recommendation>& settings, const std::string& why)
{
    for (auto& each : settings)
        if (!recommend::is_about_writes(each.setting))
            each = {each.setting, std::nullopt, each.unit, true, why};
}

}  // namespace

analysis analyse(store::database& from, store::run_id which, const recommend::conditions& given)
{
    analysis result;
    const auto seen = from.observations(which);
    result.findings = estimate::estimate(
        seen, {.packet_loss = given.packet_loss, .bindings_lost = losses_in(from.events(which))});
    const auto wanted = from.asked_of(which);
    estimate::add_unmeasured(result.findings, wanted);
    result.open = estimate::still_open(result.findings, wanted);
    result.settings = recommend::recommend(result.findings, given);
    // Without a probe nothing is known of silence: what uploads tell of writes stands alone.
    if (seen.empty())
        std::erase_if(result.settings, [](const auto& each) { return !each.value; });
    if (estimate::survived_so_far(result.findings, wanted))
        withhold(result.settings, result.open);
    from.replace_findings(which, result.findings);
    from.replace_recommendations(which, result.settings);
    return result;
}

}  // namespace deadair
