#include "analysis/path/quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/words/names.hpp"

namespace deadair::path_quality {

namespace {

// A share near the yardsticks shows in so many segments: five are sent again on a usual path.
constexpr double segments_to_tell = 25'000;
// So many retransmissions tell of a bad path even among fewer segments.
constexpr double retransmissions_to_tell = 10;

grade grade_of(const quality& of)
{
    const auto share = of.retransmitted_share();
    if (of.sent < segments_to_tell && of.retransmitted < retransmissions_to_tell)
        return grade::too_few;
    if (share >= degraded_share)
        return grade::degraded;
    return share > usual_share ? grade::raised : grade::usual;
}

}  // namespace

std::string_view to_string(grade value)
{
    constexpr std::array<std::string_view, 4> names{"usual", "raised", "degraded", "too_few"};
    return name_of(value, names);
}

double quality::per_hour(double count) const
{
    return over > nanoseconds{} ? count * 3600 / to_seconds(over) : 0;
}

std::optional<quality> quality_of(std::span<const sample> host, const own_segments& own)
{
    if (host.empty())
        return std::nullopt;
    const auto [first, last] = std::ranges::minmax(host, {}, &sample::at);
    if (first.at == last.at)
        return std::nullopt;
    std::map<std::string_view, double> grown;
    for (const auto& each : host) {
        if (each.at == first.at)
            grown[each.name] -= each.value;
        if (each.at == last.at)
            grown[each.name] += each.value;
    }
    if (std::ranges::any_of(grown, [](const auto& each) { return each.second < 0; }))
        return std::nullopt;
    const double again = std::max(0.0, grown["retransmitted_segments"] - own.retransmitted);
    const double once = std::max(0.0, grown["sent_segments"] - (own.sent - own.retransmitted));
    quality found{.over = last.at - first.at,
                  .sent = once + again,
                  .received = grown["received_segments"],
                  .retransmitted = again,
                  .needless = std::min(grown["needless_segments"], again),
                  .timeouts = grown["retransmission_timeouts"],
                  .timed_out = grown["timed_out_connections"],
                  .resets = grown["reset_connections"],
                  .out_of_order = grown["out_of_order_segments"]};
    found.how = grade_of(found);
    return found;
}

std::string describe(const quality& of)
{
    const auto what = fmt::format(
        "beside the connections under test this host sent {:.0f} TCP segments in {}, {:.3g} % of "
        "them again ({:.4g} an hour)",
        of.sent, format_duration(of.over), of.retransmitted_share() * 100,
        of.per_hour(of.retransmitted));
    switch (of.how) {
        case grade::usual:
            return what + ": as usual (0.02 %)";
        case grade::raised:
            return what + ": more than the usual 0.02 %";
        case grade::degraded:
            return what + ": degraded (usual are 0.02 %, degraded is 0.037 % and more)";
        case grade::too_few:
            break;
    }
    return what + ": too few to tell";
}

}  // namespace deadair::path_quality
