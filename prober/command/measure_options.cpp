#include "prober/command/measure_options.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "prober/command/option_values.hpp"
#include "prober/command/url_options.hpp"

namespace deadair::prober {

namespace {

using po::value;

void read_plan(const po::variables_map& given, measure_options& wanted)
{
    wanted.transports = word_list("transport", given["transport"].as<std::string>(),
                                  "tcp, tls, ws, wss", parse_transport);
    wanted.plan.directions = directions(given);
    wanted.plan.idle_min = duration(given, "min-idle");
    wanted.plan.idle_max = duration(given, "max-idle");
    if (wanted.plan.idle_min >= wanted.plan.idle_max)
        throw usage_error(fmt::format("--min-idle {} is not below --max-idle {}",
                                      given["min-idle"].as<std::string>(),
                                      given["max-idle"].as<std::string>()));
    if (given.count("resolution") != 0) {
        wanted.plan.resolution = duration(given, "resolution");
        wanted.plan.resolution_relative = 0;
    }
    wanted.plan.connections = whole_number(given, "connections", 2, 100'000);
    wanted.fewer_connections = given["connections"].defaulted();
    wanted.plan.open_rate = open_rate(given);
    wanted.plan.exhaustive = given.count("exhaustive") != 0;
}

// Each means that was asked for from each side; without a word each that the transports have,
// from the client.
void read_refreshes(const po::variables_map& given, measure_options& wanted)
{
    const bool websocket = std::ranges::any_of(wanted.transports, is_websocket);
    auto means = word_list("refresh", given["refresh"].as<std::string>(),
                           "none, tcp_keepalive, ws_ping, data", parse_refresh);
    const bool asked_for_pings = std::ranges::find(means, refresh::ws_ping) != means.end();
    if (asked_for_pings && !websocket && !given["refresh"].defaulted())
        throw usage_error(
            "--refresh ws_ping needs a WebSocket; add ws or wss to --transport, or leave it out");
    const auto sides = word_list("refresh-from", given["refresh-from"].as<std::string>(),
                                 "client, server, both", [](std::string_view text) {
                                     const auto side = parse_refresh_side(text);
                                     return side == refresh_side::none ? std::nullopt : side;
                                 });
    for (const auto by : means)
        for (const auto from : sides)
            if (by != refresh::none)
                wanted.refreshes.push_back({by, from});
}

void read_hops(const po::variables_map& given, measure_options& wanted)
{
    const auto control = read_control(given, wanted.server);
    if (given.count("hops") == 0) {
        if (control)
            throw usage_error("--control goes with --hops");
        return;
    }
    if (wanted.server.proxy)
        throw usage_error(hops_end_at_a_proxy);
    wanted.hops = hops_options{
        .connections = hops_plan::plan{}.connections, .idle_max = {}, .control = control};
}

// The words of all, each once.
template <class Word>
std::string words_of(const std::vector<means>& refreshes, Word means::*which)
{
    std::vector<std::string_view> all;
    for (const auto& each : refreshes)
        if (const auto word = to_string(each.*which); std::ranges::find(all, word) == all.end())
            all.push_back(word);
    return all.empty() ? "none" : fmt::format("{}", fmt::join(all, ","));
}

}  // namespace

void add_measure_options(po::options_description& add)
{
    auto to = add.add_options();
    to("transport", value<std::string>()->value_name("LIST")->default_value("tls,wss"),
       "of tcp, tls, ws, wss");
    to("direction", value<std::string>()->value_name("LIST")->default_value("to_client,to_server"),
       "who speaks first after the silence: to_client (the server), to_server (the client); with a "
       "URL both where that server can be made to speak (redis, mqtt), else to_server");
    to("min-idle", value<std::string>()->value_name("TIME")->default_value("5s"),
       "shortest silence to try");
    to("max-idle", value<std::string>()->value_name("TIME")->default_value("2h"),
       "longest silence to try");
    to("resolution", value<std::string>()->value_name("TIME"),
       "how exact the answer is to be (default the larger of 500ms and 0.1 %)");
    to("connections", value<std::string>()->value_name("N")->default_value("128"),
       "silent ones, at most so many at a time; to try refreshes takes some 50 more");
    to("open-rate", value<std::string>()->value_name("N")->default_value("20"),
       "connections opened per second, at most");
    to("refresh",
       value<std::string>()->value_name("LIST")->default_value("tcp_keepalive,ws_ping,data"),
       "also try what keeps a connection alive, of tcp_keepalive, ws_ping, data; takes as long "
       "again. none: silent connections only");
    to("refresh-from", value<std::string>()->value_name("LIST")->default_value("client"),
       "which end sends it, of client, server, both");
    to("no-uploads", "leave out the few uploads, from which the write timeout follows");
    to("hops", "find out which box on the path forgets, too; takes two more idle timeouts");
    to("exhaustive", "follow what outlives the rest up to --max-idle");
    add_control_options(add);
    add_evidence_option(add);
}

measure_options read_measure_options(const po::variables_map& given)
{
    refuse_url_options(given);
    measure_options wanted;
    wanted.server = read_server_options(given);
    wanted.record = read_record_options(given);
    read_plan(given, wanted);
    read_refreshes(given, wanted);
    wanted.uploads = given.count("no-uploads") == 0;
    wanted.evidence = wants_evidence(given);
    read_hops(given, wanted);
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const measure_options& used)
{
    std::vector<std::string_view> kinds;
    std::ranges::transform(used.transports, std::back_inserter(kinds),
                           [](transport each) { return to_string(each); });
    std::vector<std::string_view> ways;
    std::ranges::transform(used.plan.directions, std::back_inserter(ways),
                           [](direction each) { return to_string(each); });
    std::vector<std::string_view> families;
    std::ranges::transform(used.server.families, std::back_inserter(families),
                           [](address_family each) { return to_string(each); });
    return fmt::format(
        R"({{"transport":"{}","direction":"{}","port":"{}","family":"{}","idle_min_s":{},"idle_max_s":{},)"
        R"("resolution_s":{},"resolution_relative":{},"connections":{},"open_rate_per_s":{},)"
        R"("refresh":"{}","refresh_from":"{}",)"
        R"("exhaustive":{},"allow_interception":{},"proxy":"{}","uploads":{},"evidence":{},"hops":{}}})",
        fmt::join(kinds, ","), fmt::join(ways, ","), fmt::join(used.server.ports, ","),
        fmt::join(families, ","), to_seconds(used.plan.idle_min), to_seconds(used.plan.idle_max),
        to_seconds(used.plan.resolution), used.plan.resolution_relative, used.plan.connections,
        used.plan.open_rate, words_of(used.refreshes, &means::by),
        words_of(used.refreshes, &means::from), used.plan.exhaustive,
        used.server.whom.allow_interception,
        used.server.proxy ? net::describe(*used.server.proxy) : "", used.uploads, used.evidence,
        used.hops.has_value());
}

}  // namespace deadair::prober
