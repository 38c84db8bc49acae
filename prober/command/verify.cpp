#include <fmt/format.h>

#include <cstdio>

#include "analysis/report/table.hpp"
#include "prober/command/hold_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/server/resolve.hpp"
#include "prober/verify/verifier.hpp"

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using po::value;

// Held for so many idle timeouts, each connection is silent about twice for longer than one.
constexpr int timeouts_held_min = 3;
// A middlebox may heed a refresh for some idle timeouts since the last data, and then no more:
// without a word about the time it is held for long enough to see that, on one in so many.
constexpr int timeouts_held = 7;
constexpr nanoseconds held_min = 1min;
constexpr std::uint32_t patient_of = 8;
// For each transport and direction, replaced as they die.
constexpr std::uint32_t unprotected = 2;

struct verify_options {
    server_options server;
    record_options record;
    hold_options hold;
    std::vector<transport> transports;
    std::vector<direction> directions;
    std::uint32_t connections{};
    double open_rate{};
    std::optional<nanoseconds> lasting;
    bool evidence{};
};

void options_of_verify(po::options_description& add)
{
    add_hold_options(add);
    auto to = add.add_options();
    to("transport", value<std::string>()->value_name("LIST"),
       "of tcp, tls, ws, wss (default tls,wss; wss when a ping is all there is)");
    to("direction", value<std::string>()->value_name("LIST")->default_value("to_client,to_server"),
       "who speaks first after a silence");
    to("connections", value<std::string>()->value_name("N")->default_value("128"),
       "held with the settings; a few controls come on top");
    to("open-rate", value<std::string>()->value_name("N")->default_value("20"),
       "connections opened per second, at most");
    to("for", value<std::string>()->value_name("TIME"),
       "how long (default: seven idle timeouts and a minute at least, after the last has opened)");
    add_evidence_option(add);
    add_record_options(add);
    add_server_options(add);
}

verify_options read_options(const po::variables_map& given)
{
    verify_options wanted;
    wanted.server = read_server_options(given);
    wanted.record = read_record_options(given);
    wanted.hold = read_hold_options(given);
    wanted.evidence = wants_evidence(given);
    const auto over = given.count("transport") != 0 ? given["transport"].as<std::string>() : "";
    const bool ping_only = wanted.hold.with.ws_ping && !wanted.hold.with.tcp_keepalive;
    wanted.transports = word_list("transport",
                                  !over.empty() ? over
                                  : ping_only   ? "wss"
                                                : "tls,wss",
                                  "tcp, tls, ws, wss", parse_transport);
    wanted.directions = directions(given);
    wanted.connections = whole_number(given, "connections", 1, 100'000);
    wanted.open_rate = open_rate(given);
    if (given.count("for") != 0)
        wanted.lasting = duration(given, "for");
    return wanted;
}

// What was not given comes from the latest measurement.
void complete(verify_options& wanted, const store::database& from)
{
    const hold::settings nothing;
    const bool given = wanted.hold.with != nothing;
    if (given && wanted.hold.idle_timeout)
        return;
    const auto all = from.runs();
    const auto last = std::ranges::find(all.rbegin(), all.rend(), "measure", &store::run::command);
    const auto known = last == all.rend() ? std::nullopt : read_measured(from, last->id);
    if (!known)
        throw usage_error(
            fmt::format("{} holds no idle timeout to outlive; measure first, or give {}",
                        wanted.record.database.string(),
                        given ? "--assume-timeout"
                              : "--assume-timeout and the settings (--tcp-keepalive 60s …)"));
    if (!wanted.hold.idle_timeout)
        wanted.hold.idle_timeout = known->longest;
    if (!given)
        wanted.hold.with = known->settings;
}

hold::plan plan_of(const verify_options& wanted, const target& server)
{
    hold::plan plan{.paths = {},
                    .directions = wanted.directions,
                    .connections = wanted.connections,
                    .unprotected = unprotected,
                    .patient = wanted.connections / patient_of,
                    .idle_timeout = *wanted.hold.idle_timeout,
                    .idle_reconnect = wanted.hold.with.idle_reconnect,
                    .max_age = wanted.hold.with.max_age,
                    .open_rate = wanted.open_rate,
                    .until = {},
                    .seed = wanted.hold.seed};
    plan.paths = paths_of(wanted.server, server, wanted.transports);
    const auto opening = from_seconds(wanted.connections / wanted.open_rate);
    const auto least = timeouts_held_min * plan.idle_timeout;
    if (wanted.lasting && *wanted.lasting < least)
        throw usage_error(
            fmt::format("--for {} is below three idle timeouts ({}), in which too little is said",
                        format_duration(*wanted.lasting), format_duration(least)));
    plan.until = wanted.lasting.value_or(
        std::max<nanoseconds>(held_min, timeouts_held * plan.idle_timeout) + opening);
    return plan;
}

std::string options_json(const verify_options& used, const hold::plan& plan)
{
    const auto seconds = [](const std::optional<nanoseconds>& value) {
        return value ? fmt::format("{}", to_seconds(*value)) : "null";
    };
    return fmt::format(
        R"({{"tcp_keepalive_s":{},"tcp_keepalive_interval_s":{},"tcp_keepalive_count":{},"ws_ping_s":{},"idle_reconnect_s":{},"max_connection_age_s":{},"idle_timeout_s":{},)"
        R"("connections":{},"open_rate_per_s":{},"held_s":{},"seed":{}}})",
        seconds(used.hold.with.tcp_keepalive), seconds(used.hold.with.tcp_keepalive_interval),
        used.hold.with.tcp_keepalive_count ? std::to_string(*used.hold.with.tcp_keepalive_count)
                                           : "null",
        seconds(used.hold.with.ws_ping), seconds(used.hold.with.idle_reconnect),
        seconds(used.hold.with.max_age), seconds(plan.idle_timeout), plan.connections,
        plan.open_rate, seconds(plan.until), plan.seed);
}

std::string score_text(const hold::score& all)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& [where, seen] : all.strata())
        rows.push_back({std::string{to_string(where.on.kind)}, std::string{to_string(where.way)},
                        std::to_string(seen.telling + seen.brief), std::to_string(seen.telling),
                        std::to_string(seen.missed), std::to_string(seen.ended),
                        std::to_string(seen.voided),
                        fmt::format("{} of {}", seen.unprotected_died,
                                    seen.unprotected_died + seen.unprotected_survived),
                        std::string{to_string(hold::judge(seen))}});
    return report::table({"transport", "direction", "messages", "telling", "missed", "ended",
                          "void", "controls died", ""},
                         rows);
}

exit_code conclude(const verifier& done, const verify_options& wanted)
{
    if (const auto ended = ended_early(done.how(), wanted.server))
        return *ended;
    const auto said = hold::judge(done.score());
    fmt::print("Held with {}.\n\n{}\n{}: {}.\nresults: {}, run {}\n",
               hold::describe(wanted.hold.with), score_text(done.score()),
               hold::to_string(said.result), said.reason, wanted.record.database.string(),
               *done.run());
    if (done.how().interrupted)
        return exit_code::interrupted;
    switch (said.result) {
        case hold::verdict::passed:
            return exit_code::done;
        case hold::verdict::failed:
            return exit_code::not_met;
        default:
            return exit_code::inconclusive;
    }
}

exit_code verify(const arguments& from)
{
    auto wanted = read_options(from.given);
    const auto assumed = wanted.hold.idle_timeout;
    auto into = store::database::open(wanted.record.database);
    complete(wanted, into);
    if (const auto why =
            hold::refuse({wanted.hold.with, wanted.transports, wanted.directions, assumed}))
        throw usage_error(*why);
    raise_file_limit(wanted.connections + unprotected * 16);
    boost::asio::io_context io{1};
    const auto context = make_context(wanted.server);
    auto server = resolve(io, wanted.server);
    wanted.server.address = server.address.begin()->second.to_string();
    server.context = context.get();
    holding::settings how{.server = control_of(wanted.server, server, wanted.transports),
                          .plan = plan_of(wanted, server),
                          .with = wanted.hold.with};
    auto described =
        describe_run(wanted.server, wanted.record, from.asked, options_json(wanted, how.plan));
    described.command = "verify";
    verifier::described what{.run = std::move(described), .evidence = {}};
    if (wanted.evidence)
        what.evidence = evidence_watch::settings_of(wanted.server, server);
    progress show{wanted.record.show};
    auto kept = make_record(io, into, show);
    verifier one{io, server, std::move(how), std::move(what), *kept, show};
    run_until_over(io, one);
    return conclude(one, wanted);
}

}  // namespace

const command verify_command{"verify",
                             "proves that settings keep connections alive, or that they do not",
                             options_of_verify, verify};

}  // namespace deadair::prober
