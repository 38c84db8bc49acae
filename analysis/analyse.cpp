#include "analysis/analyse.hpp"

#include <algorithm>
#include <map>
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

// When each connection was known to be gone.
std::map<std::uint32_t, nanoseconds> ends_of(const store::database& from, store::run_id which,
                                             std::span<const estimate::observation> seen)
{
    std::map<std::uint32_t, nanoseconds> gone;
    const auto note = [&](std::uint32_t connection, nanoseconds at) {
        const auto known = gone.emplace(connection, at).first;
        known->second = std::min(known->second, at);
    };
    for (const auto& each : from.connection_ends(which))
        note(each.connection_id, each.ended);
    for (const auto& each : seen)
        if (each.result != outcome::delivered && each.result != outcome::voided)
            note(each.connection_id, each.sent_at.value_or(each.settled_at));
    return gone;
}

std::vector<path_limits::attempt> attempts_in(const store::database& from, store::run_id which,
                                              std::span<const estimate::observation> seen)
{
    const auto gone = ends_of(from, which, seen);
    std::vector<path_limits::attempt> all;
    for (const auto& each : from.connections(which)) {
        const auto end = gone.find(each.connection_id);
        all.push_back({.on = each.on,
                       .began = each.opened,
                       .opened = true,
                       .over = end == gone.end() ? nanoseconds::max() : end->second});
    }
    for (const auto& each : from.refusals(which))
        all.push_back({.on = each.on,
                       .began = each.began,
                       .opened = false,
                       .over = each.failed,
                       .why = each.reason});
    return all;
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
    result.limits = path_limits::limits_of(attempts_in(from, which, seen),
                                           store::transfers_of(from.uploads(which)));
    result.settings = recommend::recommend(result.findings, given);
    // Without a probe nothing is known of silence: what uploads tell of writes stands alone.
    if (seen.empty())
        std::erase_if(result.settings, [](const auto& each) { return !each.value; });
    if (estimate::survived_so_far(result.findings, wanted))
        withhold(result.settings, result.open);
    from.replace_findings(which, result.findings);
    from.replace_recommendations(which, result.settings);
    from.replace_limits(which, result.limits);
    return result;
}

}  // namespace deadair
