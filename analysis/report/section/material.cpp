#include "analysis/report/section/material.hpp"

#include <algorithm>

namespace deadair::report {

namespace {

std::vector<placed_probe> placed(std::vector<store::probe> probes,
                                 const std::vector<store::connection>& connections)
{
    std::map<std::uint32_t, path> paths;
    for (const auto& each : connections)
        paths[each.connection_id] = each.on;
    std::vector<placed_probe> all;
    all.reserve(probes.size());
    for (auto& each : probes)
        all.push_back(
            {{.on = paths[each.connection_id], .way = each.way, .how = each.how}, std::move(each)});
    return all;
}

nanoseconds last_moment(const material& of)
{
    nanoseconds last{};
    for (const auto& each : of.probes)
        last = std::max(last, each.seen.verdict.value_or(each.seen.sent));
    for (const auto& each : of.ends)
        last = std::max(last, each.ended);
    if (!of.events.empty())
        last = std::max(last, of.events.back().at);
    for (const auto& each : of.uploads)
        last = std::max(last, each.what.started + each.what.total);
    return last;
}

// A run of its own may have asked, before or after.
store::hops_found hops_over_path(const store::database& from, const store::run& which)
{
    auto found = from.hops_of(which.id);
    const auto all = from.runs();
    for (auto each = all.rbegin(); each != all.rend() && !found.verdict; ++each)
        if (each->command == "hops" && each->server_endpoint == which.server_endpoint &&
            each->client_host == which.client_host)
            found = from.hops_of(each->id);
    return found;
}

}  // namespace

bool looked_on(const store::run& of)
{
    return of.command == "import" || of.command == "observe";
}

material gather(store::database& from, const store::run& which, const recommend::conditions& path)
{
    auto result = analyse(from, which.id, path);
    material all;
    all.run = which;
    all.findings = std::move(result.findings);
    all.settings = std::move(result.settings);
    all.limits = std::move(result.limits);
    all.open = std::move(result.open);
    all.path = path;
    all.connections = from.connections(which.id);
    // What was held to find a box was not left silent to find the idle timeout.
    const auto others = from.hops_of(which.id).connections;
    std::erase_if(all.connections, [&](const store::connection& each) {
        return std::ranges::find(others, each.connection_id) != others.end();
    });
    all.ends = from.connection_ends(which.id);
    all.probes = placed(from.probes(which.id), all.connections);
    all.events = from.events(which.id);
    all.samples = from.path_samples(which.id);
    for (auto& each : from.uploads(which.id)) {
        auto progress = from.progress_of(which.id, each.upload_id);
        all.uploads.push_back({std::move(each), std::move(progress)});
    }
    all.evidence = from.evidence_of(which.id);
    all.hops = hops_over_path(from, which);
    all.verified = from.verifications(which.server_endpoint);
    if (which.watch) {
        all.watched = from.sums_of(*which.watch);
        all.incidents = from.incidents(*which.watch);
    } else {
        all.incidents = from.incidents_of(which.id);
    }
    all.lasted = last_moment(all);
    return all;
}

}  // namespace deadair::report
