#include "prober/command/hops_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "analysis/host/terminal.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/sink.hpp"
#include "analysis/words/exit_error.hpp"
#include "analysis/words/shell.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/trust_options.hpp"

namespace deadair::prober {

using po::value;

void add_control_options(po::options_description& add)
{
    auto to = add.add_options();
    to("control", value<std::string>()->value_name("HOST[:PORT]"),
       "another echo server (or this one by another port or address): whether the path to it "
       "forgets as well tells your side from the server's");
    to("control-token-file", value<std::string>()->value_name("FILE"),
       "its token; else the same as this server's");
    to("control-pin", value<std::string>()->value_name("PIN"),
       "its pin; else the same as this server's");
}

std::optional<server_options> read_control(const po::variables_map& given,
                                           const server_options& like)
{
    if (given.count("control") == 0) {
        for (const auto* each : {"control-token-file", "control-pin"})
            if (given.count(each) != 0)
                throw usage_error(fmt::format("--{} goes with --control HOST[:PORT]", each));
        return std::nullopt;
    }
    auto other = another_server(given["control"].as<std::string>(), like);
    if (other.endpoint() == like.endpoint())
        throw usage_error(
            fmt::format("--control {} is the server itself; name another server, port or address",
                        other.endpoint()));
    if (given.count("control-token-file") != 0)
        other.token = token_of(given["control-token-file"].as<std::string>(), "control-token-file");
    if (given.count("control-pin") != 0) {
        other.whom.pin = read_pin(given["control-pin"].as<std::string>(), "control-pin");
        other.whom.ca_file.reset();
    }
    return other;
}

hops_target find_way(boost::asio::io_context& io, server_options& wanted, transport kind)
{
    if (wanted.proxy)
        throw usage_error(hops_end_at_a_proxy);
    hops_target found{.server = resolve(io, wanted),
                      .context = make_context(wanted),
                      .way = {},
                      .on = {},
                      .how = {}};
    found.server.context = found.context.get();
    const auto& [family, address] = *found.server.address.begin();
    wanted.address = address.to_string();
    found.on = {.family = family, .server_port = wanted.ports.front(), .kind = kind};
    found.how = control_of(wanted, found.server, std::array{kind});
    if (const auto why = evidence::reach_problem(family); !why.empty())
        throw exit_error(exit_code::inconclusive, why);
    const auto peer = evidence::resolve(wanted.address, wanted.ports.front(), family).first;
    if (peer)
        found.way = hops::rows_of(evidence::way_to(*peer, [] { return true; }), *peer);
    if (const auto why = hops::way_refused(found.way))
        throw exit_error(exit_code::inconclusive, fmt::format("{}: {}", wanted.in_words(), *why));
    return found;
}

hops::measurement::settings hops_settings(const hops_options& wanted, const hops_target& near,
                                          const std::optional<hops_target>& other,
                                          const known_timeout& timeout, double open_rate)
{
    hops::measurement::settings how;
    how.what = {.on = near.on,
                .server_hop = near.way.back().number,
                .timeout_low = timeout.low,
                .timeout_high = timeout.high,
                .idle_max = wanted.idle_max,
                .connections = wanted.connections,
                .open_rate = open_rate};
    how.server = near.how;
    how.way = near.way;
    if (const auto refusal = hops_plan::refuse(how.what))
        throw exit_error(exit_code::inconclusive, *refusal);
    if (other)
        how.other = hops::other_path{.endpoint = wanted.control->endpoint(),
                                     .server = &other->server,
                                     .how = other->how,
                                     .on = other->on,
                                     .shared_hops = hops::shared_hops(near.way, other->way)};
    return how;
}

exit_code tell_hops(const store::database& from, store::run_id run,
                    const std::optional<std::string>& json, const std::filesystem::path& database)
{
    const auto found = from.hops_of(run);
    const bool piped = json == "-";
    fmt::print(piped ? stderr : stdout,
               "{}results: {}, run {}; with a picture: deadair-analysis report --db {}\n",
               report::hops_text(
                   found, host::line_width(piped ? STDERR_FILENO : STDOUT_FILENO, report::wide)),
               database.string(), run, shell_word(database.string()));
    if (json) {
        report::sink to = piped ? report::sink{} : report::sink{*json};
        to.put(report::hops_json(found) + "\n");
        to.finish();
    }
    return found.boxes.empty() ? exit_code::inconclusive : exit_code::done;
}

}  // namespace deadair::prober
