#include <fmt/format.h>

#include "analysis/words/usage_error.hpp"
#include "prober/command/hops_options.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/run_until_over.hpp"

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using po::value;

struct wanted_hops {
    server_options server;
    record_options record;
    result_options how;
    hops_options hops;
    transport kind{};
    double open_rate{};
    std::optional<known_timeout> timeout;
};

void options_of_hops(po::options_description& add)
{
    auto to = add.add_options();
    to("assume-timeout", value<std::string>()->value_name("TIME"),
       "the idle timeout to look for, instead of the one that the database holds for this server");
    to("max-idle", value<std::string>()->value_name("TIME"),
       "longest silence, in which boxes with longer timeouts are found (default twice the idle "
       "timeout)");
    to("transport", value<std::string>()->value_name("KIND")->default_value("tls"),
       "one of tcp, tls, ws, wss");
    to("connections", value<std::string>()->value_name("N")->default_value("100"),
       "at most so many in all, 13 to 1000");
    to("open-rate", value<std::string>()->value_name("N")->default_value("20"),
       "connections opened per second, at most");
    add_control_options(add);
    add_record_options(add);
    add_result_options(add);
    add_server_options(add);
}

wanted_hops read(const po::variables_map& given)
{
    wanted_hops wanted;
    wanted.server = read_server_options(given);
    wanted.record = read_record_options(given);
    wanted.how = read_result_options(given);
    wanted.hops.control = read_control(given, wanted.server);
    const auto kinds = word_list("transport", given["transport"].as<std::string>(),
                                 "tcp, tls, ws, wss", parse_transport);
    if (kinds.size() != 1)
        throw usage_error("--transport takes one of tcp, tls, ws, wss here");
    wanted.kind = kinds.front();
    wanted.hops.connections = whole_number(given, "connections", 13, 1000);
    wanted.open_rate = open_rate(given);
    if (given.count("max-idle") != 0)
        wanted.hops.idle_max = duration(given, "max-idle");
    if (given.count("assume-timeout") != 0) {
        const auto assumed = duration(given, "assume-timeout");
        wanted.timeout = known_timeout{assumed, assumed, assumed};
    }
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const wanted_hops& used, const hops_plan::plan& plan)
{
    return fmt::format(
        R"({{"transport":"{}","port":"{}","idle_timeout_low_s":{},"idle_timeout_high_s":{},)"
        R"("idle_max_s":{},"refresh_every_s":{},"connections":{},"open_rate_per_s":{},)"
        R"("allow_interception":{}}})",
        to_string(used.kind), used.server.ports.front(), to_seconds(plan.timeout_low),
        to_seconds(plan.timeout_high), to_seconds(hops_plan::age_last(plan)),
        to_seconds(hops_plan::refresh_every(plan)), plan.connections, plan.open_rate,
        used.server.whom.allow_interception);
}

exit_code run_hops(const arguments& from)
{
    auto wanted = read(from.given);
    auto into = store::database::open(wanted.record.database);
    if (!wanted.timeout)
        wanted.timeout = into.idle_timeout_of(wanted.server.endpoint());
    if (!wanted.timeout)
        throw usage_error(
            fmt::format("{} holds no idle timeout for {}; measure first, or say --assume-timeout",
                        wanted.record.database.string(), wanted.server.endpoint()));
    raise_file_limit(wanted.hops.connections);
    boost::asio::io_context io{1};
    const auto near = find_way(io, wanted.server, wanted.kind);
    std::optional<hops_target> other;
    if (wanted.hops.control)
        other = find_way(io, *wanted.hops.control, wanted.kind);
    auto how = hops_settings(wanted.hops, near, other, *wanted.timeout, wanted.open_rate);
    how.description =
        describe_run(wanted.server, wanted.record, from.asked, options_json(wanted, how.what));
    how.description.command = "hops";
    progress show{wanted.record.show};
    auto kept = make_record(io, into, show);
    hops::measurement one{io, near.server, std::move(how), *kept, show};
    run_until_over(io, one);
    if (const auto ended = ended_early(one.how(), wanted.server))
        return *ended;
    const auto said = tell_hops(into, *one.run(), wanted.how.json, wanted.record.database);
    return one.how().interrupted ? exit_code::interrupted : said;
}

}  // namespace

const command hops_command{"hops", "finds out which box on the path forgets, and where it stands",
                           options_of_hops, run_hops};

}  // namespace deadair::prober
