#include "analysis/analyse.hpp"

namespace deadair {

analysis analyse(store::database& from, store::run_id which, const recommend::conditions& given)
{
    analysis result;
    const auto seen = from.observations(which);
    result.findings = estimate::estimate(seen, {.packet_loss = given.packet_loss});
    result.settings = recommend::recommend(result.findings, given);
    if (from.writable()) {
        from.replace_findings(which, result.findings);
        from.replace_recommendations(which, result.settings);
    }
    return result;
}

}  // namespace deadair
