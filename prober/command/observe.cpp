#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/exit_error.hpp"
#include "prober/command/common_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/observe/observer.hpp"

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using po::value;

constexpr nanoseconds silence_least = 500ms;
constexpr nanoseconds lasting_least = 2s;

void options_of_observe(po::options_description& add)
{
    auto to = add.add_options();
    to("for", value<std::string>()->value_name("TIME"), "how long (default: until Ctrl-C)");
    to("min-silence", value<std::string>()->value_name("TIME")->default_value("1s"),
       "what is shorter is no silence");
    to("redact", "mask addresses and this host's name, each always by the same word");
    add_record_options(add);
}

observe::observer::settings read(const arguments& from, const record_options& record)
{
    const auto& given = from.given;
    if (given.count("words") != 0)
        throw usage_error(
            "observe takes no server: it looks at the connections that this host has; to measure a "
            "path to a server, write deadair-prober HOST[:PORT]");
    observe::observer::settings how;
    if (given.count("for") != 0)
        how.lasting = duration(given, "for");
    if (how.lasting && *how.lasting < lasting_least)
        throw usage_error("--for is too short to see a silence end; use minutes or hours");
    how.silence_min = duration(given, "min-silence");
    if (how.silence_min < silence_least)
        throw usage_error(
            fmt::format("--min-silence {} is shorter than what a look every second can tell; use "
                        "at least 500ms",
                        given["min-silence"].as<std::string>()));
    how.redact = given.count("redact") != 0;
    how.description = describe_run(
        record, from.asked,
        fmt::format(
            R"({{"silence_min_s":{},"lasting_s":{},"redact":{}}})", to_seconds(how.silence_min),
            how.lasting ? fmt::format("{}", to_seconds(*how.lasting)) : "null", how.redact));
    how.description.command = "observe";
    how.description.started_at = utc_now();
    if (how.redact)
        how.description.client_host = "this-host";
    return how;
}

std::unique_ptr<observe::observer> make_observer(boost::asio::io_context& io,
                                                 observe::observer::settings how, record& into,
                                                 progress& show)
{
    try {
        return std::make_unique<observe::observer>(io, std::move(how), into, show);
    } catch (const std::system_error& refused) {
        throw exit_error(
            exit_code::failed,
            fmt::format("the kernel does not tell of TCP connections here ({}): sock_diag is "
                        "missing or forbidden, as in some containers; run it outside, or take a "
                        "capture with tcpdump and import it with deadair-analysis import",
                        refused.what()));
    }
}

exit_code tell(store::database& from, const observe::observer& one, const record_options& record)
{
    for (const auto& each : one.sentences())
        fmt::print("{}\n", each);
    if (one.left_out() > 0)
        fmt::print("{} silences were with so many other servers that they were not written down\n",
                   one.left_out());
    const auto runs = one.runs();
    if (runs.empty()) {
        fmt::print(stderr,
                   "deadair-prober: no connection of this host was silent and then spoke; observe "
                   "for longer, while the programs work that you ask about\n");
        return exit_code::inconclusive;
    }
    for (const auto id : runs)
        analyse(from, id, from.conditions(id));
    fmt::print("results: {}, run{} {}\n", record.database.string(), runs.size() == 1 ? "" : "s",
               fmt::join(runs, ", "));
    return exit_code::done;
}

exit_code run_observe(const arguments& from)
{
    const auto record = read_record_options(from.given);
    auto how = read(from, record);
    auto into = store::database::open(record.database);
    boost::asio::io_context io{1};
    progress show{record.show};
    auto kept = make_record(io, into, show);
    const auto one = make_observer(io, std::move(how), *kept, show);
    run_until_over(io, *one);
    if (one->how().gave_up) {
        fmt::print(stderr, "deadair-prober: interrupted before all was on disk\n");
        return exit_code::interrupted;
    }
    const auto said = tell(into, *one, record);
    if (!one->how().failure.empty())
        throw exit_error(exit_code::failed, one->how().failure);
    return one->how().interrupted ? exit_code::interrupted : said;
}

}  // namespace

const command observe_command{
    "observe", "watches this host's own connections: after which silences they live, and die",
    options_of_observe, run_observe, ""};

}  // namespace deadair::prober
