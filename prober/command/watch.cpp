#include "prober/watch/watcher.hpp"

#include <fmt/format.h>

#include <csignal>

#include "analysis/report/checklist.hpp"
#include "prober/command/hold_options.hpp"
#include "prober/command/measure_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/run_until_over.hpp"

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using po::value;

constexpr nanoseconds every_min = 10s;

void options_of_watch(po::options_description& add)
{
    auto to = add.add_options();
    to("for", value<std::string>()->value_name("TIME"),
       "how long, counted from the watch's first start (default: until Ctrl-C)");
    to("every", value<std::string>()->value_name("TIME")->default_value("6h"),
       "how often to measure anew");
    to("upload-every", value<std::string>()->value_name("TIME")->default_value("1h"),
       "how often to upload a little on new connections, 564 kB for each path");
    to("hold", value<std::string>()->value_name("N")->default_value("8"),
       "connections held between the measurements");
    add_hold_options(add);
    add_measure_options(add);
    add_record_options(add);
    add_server_options(add);
}

nanoseconds interval(const po::variables_map& given, const char* option)
{
    const auto wanted = duration(given, option);
    if (wanted < every_min)
        throw usage_error(fmt::format("--{} {} is too often; use at least 10s", option,
                                      given[option].as<std::string>()));
    return wanted;
}

watch_settings read_options(const arguments& from)
{
    const auto& given = from.given;
    const auto measuring = read_measure_options(given);
    const auto held = read_hold_options(given);
    watch_settings wanted;
    wanted.server = measuring.server;
    wanted.transports = measuring.transports;
    wanted.measuring = measuring.plan;
    wanted.refreshes = measuring.refreshes;
    wanted.with = held.with;
    wanted.evidence = measuring.evidence;
    wanted.boxes = measuring.hops.has_value();
    if (wanted.boxes && measuring.hops->control)
        throw usage_error(
            "--control goes with measure --hops and hops: a watch is of one path; watch the other "
            "one beside it");
    wanted.idle_timeout = held.idle_timeout;
    wanted.seed = held.seed;
    wanted.connections = whole_number(given, "hold", 1, 1000);
    wanted.every = interval(given, "every");
    if (measuring.uploads)
        wanted.upload_every = interval(given, "upload-every");
    if (given.count("for") != 0)
        wanted.lasting = duration(given, "for");
    if (wanted.with != hold::settings{})
        if (const auto why = hold::refuse(
                {wanted.with, wanted.transports, wanted.measuring.directions, wanted.idle_timeout}))
            throw usage_error(*why);
    wanted.description =
        describe_run(wanted.server, measuring.record, from.asked, options_json(measuring));
    return wanted;
}

// @return the exit code that the checklist amounts to
exit_code print_checklist(const store::watch_sums& all)
{
    const auto items = report::checklist(all);
    fmt::print("\nWatched for {}.\n{}", format_duration(all.watched),
               report::checklist_text(items));
    for (const auto& [kind, count] : all.incidents)
        fmt::print("incidents {}: {}\n", to_string(kind), count);
    switch (report::result_of(items)) {
        case report::mark::pass:
            return exit_code::done;
        case report::mark::fail:
            return exit_code::not_met;
        default:
            return exit_code::inconclusive;
    }
}

exit_code watch(const arguments& from)
{
    auto wanted = read_options(from);
    const auto record = read_record_options(from.given);
    raise_file_limit(wanted.measuring.connections + wanted.connections);
    const bool open_ended = !wanted.lasting;
    boost::asio::io_context io{1};
    const auto context = make_context(wanted.server);
    wanted.context = context.get();
    auto into = store::database::open(record.database);
    watcher one{io, std::move(wanted), into};
    bool interrupted = false;
    // Ctrl-C asks for the result; SIGTERM is a reboot or an upgrade, after which it goes on.
    run_until_over(io, one, [&](int signal) {
        interrupted = signal == SIGTERM || !open_ended;
        if (signal == SIGTERM)
            one.goes_on_later();
    });
    const auto code = print_checklist(into.sums_of(one.id()));
    fmt::print("results: {}\n", record.database.string());
    return interrupted ? exit_code::interrupted : code;
}

}  // namespace

const command watch_command{
    "watch", "measures for days, holds connections in between, and records what goes wrong",
    options_of_watch, watch};

}  // namespace deadair::prober
