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

grade grade_of(const segments& own)
{
    if (own.sent < segments_to_tell && own.retransmitted < retransmissions_to_tell)
        return grade::too_few;
    if (own.share() >= degraded_share)
        return grade::degraded;
    return own.share() > usual_share ? grade::raised : grade::usual;
}

std::string_view verdict(grade how)
{
    switch (how) {
        case grade::usual:
            return "as usual (0.02 %)";
        case grade::raised:
            return "more than the usual 0.02 %";
        case grade::degraded:
            return "degraded (usual are 0.02 %, degraded is 0.037 % and more)";
        case grade::too_few:
            break;
    }
    return "too few to tell";
}

std::string percent(const segments& of)
{
    return fmt::format("{:.2f} %", of.share() * 100);
}

}  // namespace

std::string_view to_string(grade value)
{
    constexpr std::array<std::string_view, 4> names{"usual", "raised", "degraded", "too_few"};
    return name_of(value, names);
}

segments grown(std::span<const sample> samples)
{
    std::map<std::string_view, double> last;
    std::map<std::string_view, double> sum;
    for (const auto& each : samples) {
        const double before = last[each.name];
        sum[each.name] += each.value >= before ? each.value - before : each.value;
        last[each.name] = each.value;
    }
    return {.sent = sum["segments_out"], .retransmitted = sum["retransmitted_segments"]};
}

std::optional<segments> grown_of_host(std::span<const sample> samples)
{
    if (samples.empty())
        return std::nullopt;
    const auto [first, last] = std::ranges::minmax(samples, {}, &sample::at);
    if (first.at == last.at)
        return std::nullopt;
    std::map<std::string_view, double> by_name;
    for (const auto& each : samples) {
        if (each.at == first.at)
            by_name[each.name] -= each.value;
        if (each.at == last.at)
            by_name[each.name] += each.value;
    }
    if (std::ranges::any_of(by_name, [](const auto& each) { return each.second < 0; }))
        return std::nullopt;
    const double again = by_name["retransmitted_segments"];
    return segments{.sent = by_name["sent_segments"] + again, .retransmitted = again};
}

quality judge(const segments& own, const std::optional<segments>& host)
{
    return {.own = own, .host = host, .how = grade_of(own)};
}

std::string describe(const quality& of)
{
    auto text = fmt::format(
        "of {:.0f} TCP segments on our own living connections {:.0f} were sent "
        "again ({}): {}",
        of.own.sent, of.own.retransmitted, percent(of.own), verdict(of.how));
    if (of.host && of.host->sent > 0)
        text += fmt::format("; all programs of this host: {:.0f} segments, {} again", of.host->sent,
                            percent(*of.host));
    return text;
}

}  // namespace deadair::path_quality
