#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/uploads.hpp"
#include "analysis/words/byte_count.hpp"
#include "prober/command/common_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/server/resolve.hpp"
#include "prober/uploads/measurement.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;
using po::value;

struct upload_options {
    server_options server;
    record_options record;
    std::vector<transport> transports;
    uploads::plan plan;  // without its paths, which need the resolved name
};

void options_of_uploads(po::options_description& add)
{
    auto to = add.add_options();
    to("transport", value<std::string>()->value_name("LIST")->default_value("tls,wss"),
       "of tcp, tls, ws, wss");
    to("direction", value<std::string>()->value_name("LIST")->default_value("upload,download"),
       "of upload, download");
    to("sizes", value<std::string>()->value_name("LIST")->default_value("64kB,500kB,2MB,10MB"),
       "of the transfers, 1kB to 100MB");
    to("assume-timeout", value<std::string>()->value_name("TIME"),
       "transfer after silences below, at and beyond this idle timeout, instead of the one that "
       "the database holds for this server");
    to("user-timeout", value<std::string>()->value_name("TIME")->default_value("10s"),
       "TCP_USER_TIMEOUT of the writes that have one, 1s to 1h");
    to("socket-timeout", value<std::string>()->value_name("TIME")->default_value("10s"),
       "how long the writes that have a socket timeout wait, 1s to 1h");
    to("give-up-after", value<std::string>()->value_name("TIME")->default_value("60s"),
       "call a transfer stalled after so long without progress, 1s to 1h; what takes longer to "
       "be noticed is computed");
    add_record_options(add);
    add_server_options(add);
}

nanoseconds bounded_duration(const po::variables_map& given, const char* option,
                             nanoseconds longest)
{
    const auto wanted = duration(given, option);
    if (wanted < 1s || wanted > longest)
        throw usage_error(fmt::format("--{} {} is out of range; use 1s to {:.0f}h", option,
                                      given[option].as<std::string>(), to_seconds(longest) / 3600));
    return wanted;
}

std::vector<std::uint64_t> sizes(const std::string& list)
{
    constexpr std::uint64_t least = 1000;
    std::vector<std::uint64_t> all;
    for (const auto& part : split(list)) {
        const auto size = parse_byte_count(part);
        if (!size || *size < least || *size > wire::transfer_max)
            throw usage_error(fmt::format(
                "--sizes '{}' is not a size of 1kB to 100MB; write for example 64kB,500kB,10MB",
                part));
        if (std::ranges::find(all, *size) == all.end())
            all.push_back(*size);
    }
    if (all.empty())
        throw usage_error("--sizes names no size; write for example 64kB,500kB,10MB");
    return all;
}

upload_options read(const po::variables_map& given)
{
    upload_options wanted;
    wanted.server = read_server_options(given);
    wanted.record = read_record_options(given);
    wanted.transports = word_list("transport", given["transport"].as<std::string>(),
                                  "tcp, tls, ws, wss", parse_transport);
    wanted.plan.ways = word_list("direction", given["direction"].as<std::string>(),
                                 "upload, download", parse_transfer_direction);
    wanted.plan.sizes = sizes(given["sizes"].as<std::string>());
    wanted.plan.user_timeout = bounded_duration(given, "user-timeout", 1h);
    wanted.plan.socket_timeout = bounded_duration(given, "socket-timeout", 1h);
    wanted.plan.give_up_after = bounded_duration(given, "give-up-after", 1h);
    if (given.count("assume-timeout") != 0) {
        const auto assumed = bounded_duration(given, "assume-timeout", 24h);
        wanted.plan.timeout = known_timeout{assumed, assumed, assumed};
    }
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const upload_options& used)
{
    std::vector<std::string_view> kinds;
    for (const auto each : used.transports)
        kinds.push_back(to_string(each));
    std::vector<std::string_view> ways;
    for (const auto each : used.plan.ways)
        ways.push_back(to_string(each));
    return fmt::format(
        R"({{"transport":"{}","direction":"{}","port":"{}","sizes":"{}",)"
        R"("idle_timeout_s":{},"user_timeout_s":{},"socket_timeout_s":{},"give_up_after_s":{},)"
        R"("allow_interception":{}}})",
        fmt::join(kinds, ","), fmt::join(ways, ","), fmt::join(used.server.ports, ","),
        fmt::join(used.plan.sizes, ","),
        used.plan.timeout ? fmt::format("{}", to_seconds(used.plan.timeout->best)) : "null",
        to_seconds(used.plan.user_timeout), to_seconds(used.plan.socket_timeout),
        to_seconds(used.plan.give_up_after), used.server.whom.allow_interception);
}

void say_what_is_left_out(const uploads::plan& of)
{
    if (!of.timeout)
        fmt::print(stderr,
                   "deadair-prober: the database holds no idle timeout for this server, so nothing "
                   "is sent after a silence; measure first, or say --assume-timeout\n");
}

std::function<void(const store::upload&)> shown_as(progress_mode how)
{
    if (how == progress_mode::none)
        return {};
    if (how == progress_mode::json)
        return [](const store::upload& one) {
            fmt::print(stderr, R"({{"upload":{},"outcome":"{}"}}{})", one.upload_id,
                       to_string(one.result), "\n");
        };
    return [](const store::upload& one) { fmt::print(stderr, "{}\n", report::upload_line(one)); };
}

exit_code verdict(std::span<const store::upload> done, bool interrupted)
{
    if (interrupted)
        return exit_code::interrupted;
    const bool any = std::ranges::any_of(
        done, [](const store::upload& each) { return each.result != transfer_outcome::voided; });
    return any ? exit_code::done : exit_code::inconclusive;
}

exit_code conclude(store::database& from, const uploads::measurement& over,
                   const upload_options& wanted)
{
    if (const auto ended = ended_early(over.how(), wanted.server))
        return *ended;
    const auto run = *over.run();
    const auto done = from.uploads(run);
    fmt::print("{}\n", report::uploads_text(done));
    if (const auto dead = report::dead_writes_text(done); !dead.empty())
        fmt::print("{}\n", dead);
    auto settings = analyse(from, run, from.conditions(run)).settings;
    std::erase_if(settings, [](const auto& each) { return !each.value; });
    if (!settings.empty())
        fmt::print("{}\n", report::recommendations_text(settings));
    fmt::print("results: {}, run {}; the tables uploads and upload_progress hold them\n",
               wanted.record.database.string(), run);
    return verdict(done, over.how().interrupted);
}

exit_code run_uploads(const arguments& from)
{
    auto wanted = read(from.given);
    boost::asio::io_context io{1};
    const auto context = make_context(wanted.server);
    auto server = resolve(io, wanted.server);
    wanted.server.address = server.address.begin()->second.to_string();
    server.context = context.get();
    auto into = store::database::open(wanted.record.database);
    if (!wanted.plan.timeout)
        wanted.plan.timeout = into.idle_timeout_of(wanted.server.endpoint());
    say_what_is_left_out(wanted.plan);
    uploads::measurement::settings how;
    how.what = wanted.plan;
    how.what.paths = paths_of(wanted.server, server, wanted.transports);
    if (const auto refusal = uploads::refuse(how.what))
        throw usage_error(*refusal);
    how.server = control_of(wanted.server, server, wanted.transports);
    how.description = describe_run(wanted.server, wanted.record, from.asked, options_json(wanted));
    how.description.command = "uploads";
    how.show = shown_as(wanted.record.show);
    progress show{wanted.record.show};
    auto kept = make_record(io, into, show);
    uploads::measurement one{io, server, std::move(how), *kept};
    run_until_over(io, one);
    return conclude(into, one, wanted);
}

}  // namespace

const command uploads_command{
    "uploads", "measures how uploads and downloads fare, and what silence does to them",
    options_of_uploads, run_uploads};

}  // namespace deadair::prober
