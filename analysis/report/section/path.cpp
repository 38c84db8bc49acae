#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/report/axis.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/path.hpp"
#include "analysis/report/section/outages.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/words/capital.hpp"

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr double left = 52;
constexpr double plot_height = 110;

struct trip {
    nanoseconds at{};
    nanoseconds took{};
};

// Each delivered probe, and the control connection's own figure in between.
std::vector<trip> trips_of(const material& from)
{
    std::vector<trip> all;
    for (const auto& each : from.probes)
        if (each.seen.result == outcome::delivered && each.seen.round_trip)
            all.push_back({each.seen.sent, *each.seen.round_trip});
    for (const auto& each : from.samples)
        if (each.source == "control" && each.name == "rtt_us")
            all.push_back({each.at, from_seconds(each.value * 1e-6)});
    std::ranges::sort(all, {}, &trip::at);
    return all;
}

std::vector<store::upload> uploads_of(const material& from)
{
    std::vector<store::upload> all;
    for (const auto& each : from.uploads)
        all.push_back(each.what);
    return all;
}

// The counters of the control connection run on; the last value is the sum.
double last_of(const material& from, std::string_view name)
{
    double last = 0;
    for (const auto& each : from.samples)
        if (each.source == "control" && each.name == name)
            last = each.value;
    return last;
}

facts figures(const material& from)
{
    nanoseconds out{};
    const auto all_outages = outages(from);
    for (const auto& each : all_outages)
        out += each.high - each.low;
    const auto refused =
        std::ranges::count(from.events, std::string{"open_failed"}, &store::event::kind);
    facts all;
    all.items = {
        {"Round trip", format_duration(from.path.round_trip),
         fmt::format("median; varies by {}", format_duration(from.path.round_trip_variation))},
        {"Packet loss reckoned with", fmt::format("{:.3g} %", from.path.packet_loss * 100), ""},
        {"Retransmitted", fmt::format("{:.0f}", last_of(from, "retransmitted_segments")),
         fmt::format("of {:.0f} segments on the control connection",
                     last_of(from, "segments_out"))},
        {"Outages", fmt::format("{}", all_outages.size()),
         all_outages.empty() ? "" : format_duration(out) + " together"},
        {"Connections refused", fmt::format("{}", refused),
         fmt::format("{} were opened", from.connections.size())}};
    return all;
}

// Round numbers above and below, so that a quiet path does not look wild.
time_range range_of(const std::vector<trip>& trips)
{
    const auto longest = std::ranges::max(trips, {}, &trip::took).took;
    return {.low = {}, .high = std::max(longest * 11 / 10, nanoseconds{1ms})};
}

std::string draw(const std::vector<trip>& trips, double width, const std::string& id,
                 const picture& words)
{
    constexpr double top = 20;
    const axis across{{.low = trips.front().at, .high = trips.back().at}, left, width - 8};
    const axis up{range_of(trips), top + plot_height, top};
    drawing on{width, top + plot_height + 24};
    on.text({0, 12}, "round trip", "tick");
    for (const auto tick : up.ticks(5)) {
        on.line({left, up.at(tick)}, {width - 8, up.at(tick)}, "grid");
        on.text({left - 6, up.at(tick) + 4}, format_duration(tick), "tick", anchor::end);
    }
    for (const auto tick : across.ticks(width > picture_widths::narrow ? 9 : 4))
        on.text({across.at(tick), top + plot_height + 17}, format_duration(tick), "tick",
                anchor::middle);
    std::vector<point> at;
    at.reserve(trips.size());
    for (const auto& each : trips)
        at.push_back({across.at(each.at), up.at(each.took)});
    on.marks(at, "delivered");
    return on.svg(id, words.title, words.description);
}

picture round_trips(const std::vector<trip>& trips)
{
    const auto [least, most] = std::ranges::minmax(trips, {}, &trip::took);
    picture all{.title = "Round trips over the run",
                .description = fmt::format("{} round trips, from {} to {}.", trips.size(),
                                           format_duration(least.took), format_duration(most.took)),
                .wide = {},
                .narrow = {},
                .plain = {}};
    all.wide = draw(trips, picture_widths::wide, "trips-wide", all);
    all.narrow = draw(trips, picture_widths::narrow, "trips-narrow", all);
    all.plain = "  " + all.description;
    return all;
}

grid voids(const material& from)
{
    std::map<std::string, unsigned> counts;
    for (const auto& each : from.probes)
        if (each.seen.result == outcome::voided)
            ++counts[each.seen.void_reason];
    grid all{.columns = {{"probes", true}, {"void because"}}, .rows = {}};
    for (const auto& [reason, count] : counts)
        all.rows.push_back({fmt::format("{}", count), reason});
    return all;
}

}  // namespace

std::optional<section> path_section(const material& from)
{
    if (from.probes.empty() && from.samples.empty())
        return std::nullopt;
    section all{.id = "path", .title = "Quality of the path", .blocks = {}};
    all.blocks.emplace_back(figures(from));
    if (!from.samples.empty())
        all.blocks.emplace_back(
            paragraph{capital(path_answer(from.samples, uploads_of(from))) + "."});
    const auto trips = trips_of(from);
    if (trips.size() > 2 && trips.front().at < trips.back().at)
        all.blocks.emplace_back(round_trips(trips));
    if (auto why = voids(from); !why.rows.empty())
        all.blocks.emplace_back(std::move(why));
    return all;
}

}  // namespace deadair::report
