#include "analysis/report/audit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/json.hpp"

namespace deadair::report {

namespace {

std::int64_t count_at_risk(std::span<const audit::judged> all)
{
    return std::ranges::count_if(
        all, [](const audit::judged& each) { return audit::at_risk(each.how); });
}

std::string connection_json(const audit::judged& each)
{
    const auto& of = each.of;
    json_object row;
    row.field("family", to_string(of.family))
        .field("local_address", of.local.address)
        .field("local_port", std::int64_t{of.local.port})
        .field("remote_address", of.remote.address)
        .field("remote_port", std::int64_t{of.remote.port})
        .field("pid", of.owner ? std::optional{std::int64_t{of.owner->pid}} : std::nullopt)
        .field("process", of.owner ? std::optional<std::string_view>{of.owner->name} : std::nullopt)
        .field("timer", audit::to_string(of.running))
        .field("timer_expires_s",
               of.running == audit::timer::none ? std::nullopt : std::optional{of.expires})
        .field("keepalive_every_s",
               each.keepalive ? std::optional{each.keepalive->at} : std::nullopt)
        .field("keepalive_every_exact", each.keepalive && each.keepalive->exact)
        .field("keepalive_idle_s",
               of.keepalive && of.keepalive->on ? std::optional{of.keepalive->idle} : std::nullopt)
        .field("keepalive_interval_s", of.keepalive && of.keepalive->on
                                           ? std::optional{of.keepalive->interval}
                                           : std::nullopt)
        .field("silent_s", of.silent)
        .field("round_trip_ms", to_seconds(of.round_trip) * 1000)
        .field("verdict", audit::to_string(each.how))
        .field("at_risk", audit::at_risk(each.how));
    return row.text();
}

}  // namespace

std::string audit_text(std::span<const audit::judged> all, std::optional<nanoseconds> timeout)
{
    std::string text = timeout ? fmt::format("A connection survives {} of silence on this path.\n",
                                             format_duration(*timeout))
                               : std::string{"No connection was forgotten on this path.\n"};
    const auto groups = audit::grouped(all, timeout);
    for (const auto& each : groups)
        text += fmt::format("{} {}.\n",
                            audit::at_risk(each.members.front().how) ? "AT RISK" : "     ok",
                            each.sentence);
    if (groups.empty())
        return text + "This host has no established TCP connection.\n";
    const auto risk = count_at_risk(all);
    text += fmt::format("{} of {} established connections at risk.\n", risk, all.size());
    if (risk != 0)
        text +=
            "Only the kernel's keepalive is seen here: a program that speaks by itself in time is "
            "safe too.\n";
    return text;
}

std::string audit_json(std::span<const audit::judged> all, std::optional<nanoseconds> timeout)
{
    std::string rows;
    for (const auto& each : all)
        rows += fmt::format("{}\n{}", rows.empty() ? "" : ",", connection_json(each));
    json_object whole;
    whole.field("timeout_s", timeout)
        .field("at_risk", count_at_risk(all))
        .raw("connections", "[" + rows + "]");
    return whole.text() + "\n";
}

}  // namespace deadair::report
