#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "analysis/capture/capture.hpp"
#include "analysis/capture/file/file.hpp"
#include "analysis/capture/other_end.hpp"
#include "analysis/capture/record/rows.hpp"
#include "analysis/capture/sizes.hpp"
#include "analysis/command/attach.hpp"
#include "analysis/command/command.hpp"
#include "analysis/host/address.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/byte_count.hpp"
#include "analysis/words/usage_error.hpp"
#include "deadair/version.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;
using files = std::vector<std::string>;

constexpr duration_range silence_range{.least = 100ms, .most = 24h};

void options_of_import(po::options_description& add)
{
    auto to = add.add_options();
    to("db", po::value<std::string>()->value_name("FILE")->default_value("results.db"),
       "the file that takes what the captures show; made if it is not there");
    to("label", po::value<std::string>()->value_name("TEXT")->default_value(""),
       "a name for the runs that this makes, one for each server");
    to("min-silence", po::value<std::string>()->value_name("TIME")->default_value("1s"),
       "what is shorter is no silence");
    to("other-end", po::value<files>()->value_name("FILE"),
       "a capture of the other end, taken meanwhile: says where messages without an answer "
       "vanished");
    to("prober-run", po::value<std::string>()->value_name("RUN"),
       "keep what the captures show with this run of deadair-prober, as evidence, instead");
    to("file", po::value<files>()->value_name("FILE"),
       "a capture of tcpdump or Wireshark; several, in order of time, with or without --file");
}

/// What the captures show of one server.
struct of_server {
    std::vector<capture::conversation> talks;  // with silences
};

struct imported {
    std::map<endpoint, of_server> servers;
    capture::sizes sizes;
    std::size_t connections{};
    std::uint64_t packets{};
    std::uint64_t segments{};
};

capture::contents read_one(const std::string& name,
                           const std::function<void(const capture::segment&)>& take)
{
    auto held = capture::read_file(name, take);
    if (!held.damage.empty())
        fmt::print(stderr,
                   "deadair-analysis: {} breaks off after {} packets ({}); what came before is "
                   "imported\n",
                   name, held.packets, held.damage);
    if (held.segments == 0)
        fmt::print(stderr, "deadair-analysis: {} holds no TCP in its {} packets\n", name,
                   held.packets);
    return held;
}

imported read_all(const files& names, nanoseconds silence_min)
{
    imported all;
    capture::capture::limits limits;
    limits.of_each.silence_min = silence_min;
    capture::capture of{limits, [&](const capture::conversation& over) {
                            ++all.connections;
                            if (!over.silences().empty())
                                all.servers[over.server()].talks.push_back(over);
                            all.sizes.add(over);
                        }};
    for (const auto& name : names) {
        const auto held = read_one(name, [&](const capture::segment& each) { of.on(each); });
        all.packets += held.packets;
        all.segments += held.segments;
    }
    of.finish();
    return all;
}

std::string utc(nanoseconds since_1970)
{
    const auto whole = std::chrono::floor<std::chrono::seconds>(since_1970);
    const auto milli = std::chrono::floor<std::chrono::milliseconds>(since_1970 - whole);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(whole.count()), milli.count());
}

store::run run_of(const endpoint& server, const of_server& seen, nanoseconds start,
                  const po::variables_map& given)
{
    store::run made;
    made.label = given["label"].as<std::string>();
    made.started_at = utc(start);
    made.client_host = host::address_of(seen.talks.front().client());
    made.server_endpoint = host::to_string(server);
    made.program_version = version;
    made.options_asked =
        fmt::format("deadair-analysis import {}", fmt::join(given["file"].as<files>(), " "));
    made.options_used = "{}";
    made.command = "import";
    return made;
}

store::connection row_of(const capture::conversation& talk, std::uint32_t number, store::run_id run,
                         nanoseconds start)
{
    return {.run = run,
            .connection_id = number,
            .on = {.family = talk.server().family,
                   .server_port = talk.server().port,
                   .kind = talk.kind()},
            .local_address = host::address_of(talk.client()),
            .local_port = talk.client().port,
            .server_address = host::address_of(talk.server()),
            .opened = talk.first_at() - start,
            .socket_options = "{}"};
}

store::connection_end end_of(const capture::conversation& talk, std::uint32_t number,
                             store::run_id run, nanoseconds start)
{
    store::connection_end made{.run = run,
                               .connection_id = number,
                               .last_delivered = {},
                               .first_undelivered = {},
                               .ended = talk.last_at() - start,
                               .client_saw = "nothing",
                               .server_saw = ""};
    for (const auto& each : talk.silences())
        capture::add(each, made);
    return made;
}

store::run_id keep(store::database& into, const endpoint& server, const of_server& seen,
                   const po::variables_map& given)
{
    const auto first =
        std::ranges::min(seen.talks, {}, &capture::conversation::first_at).first_at();
    const auto id = into.begin_run(run_of(server, seen, first, given));
    std::uint32_t connection = 0;
    std::uint32_t probe = 0;
    nanoseconds last{};
    for (const auto& talk : seen.talks) {
        into.add(row_of(talk, ++connection, id, first));
        for (const auto& each : talk.silences())
            into.add(capture::row_of(each, {id, connection, ++probe}, first));
        into.set_end(end_of(talk, connection, id, first));
        last = std::max(last, talk.last_at());
        if (talk.begun_before())
            into.add(store::event{
                .run = id,
                .at = talk.first_at() - first,
                .kind = "begun_before",
                .detail = fmt::format("connection {} began before the capture", connection)});
    }
    into.end_run(id, store::run_state::finished, utc(last), {});
    return id;
}

// Where messages without an answer vanished.
void ask_other_end(imported& of, const files& names)
{
    capture::other_end other;
    for (auto& [server, seen] : of.servers)
        for (auto& talk : seen.talks)
            other.ask(talk);
    for (const auto& name : names)
        read_one(name, [&](const capture::segment& each) { other.on(each); });
    for (const auto& [fate, count] : other.tell())
        fmt::print("{} messages without an answer: {}\n", count, capture::to_string(fate));
}

std::string in_words(const capture::mtu_hole& of)
{
    return fmt::format(
        "{} connections {} {} stall on segments of {} bytes or more, and up to {} bytes come "
        "through: the path drops what is larger, and says so to nobody (an MTU hole)",
        of.connections, of.way == direction::to_server ? "to" : "from", host::to_string(of.server),
        of.stalled, of.passed);
}

exit_code attach_all(const imported& all, const po::variables_map& given)
{
    auto to = store::database::open(given["db"].as<std::string>());
    const auto which = to.find_run(given["prober-run"].as<std::string>());
    std::vector<const capture::conversation*> seen;
    for (const auto& [server, of] : all.servers)
        for (const auto& talk : of.talks)
            seen.push_back(&talk);
    fmt::print("{}; kept with run {} as evidence\n", attach(to, which, seen), which.id);
    return exit_code::done;
}

exit_code run_import(const po::variables_map& given)
{
    if (given.count("file") == 0)
        throw usage_error("import needs the captures to read: import --db results.db capture.pcap");
    auto all =
        read_all(given["file"].as<files>(), duration_option(given, "min-silence", silence_range));
    fmt::print("{} packets, {} of them TCP, in {} connections; {} servers with silences\n",
               all.packets, all.segments, all.connections, all.servers.size());
    for (const auto& each : all.sizes.holes())
        fmt::print("{}\n", in_words(each));
    if (all.servers.empty()) {
        fmt::print(stderr,
                   "deadair-analysis: no connection was silent for {} and then spoke; capture "
                   "for longer, or name a shorter --min-silence\n",
                   given["min-silence"].as<std::string>());
        return exit_code::inconclusive;
    }
    if (given.count("other-end") != 0)
        ask_other_end(all, given["other-end"].as<files>());
    if (given.count("prober-run") != 0)
        return attach_all(all, given);
    auto into = store::database::open(given["db"].as<std::string>());
    for (const auto& each : all.servers) {
        const auto& server = each.first;
        store::run_id id{};
        into.together([&] {
            id = keep(into, server, each.second, given);
            for (const auto& hole : all.sizes.holes())
                if (hole.server == server)
                    into.add(store::event{
                        .run = id, .at = {}, .kind = "mtu_hole", .detail = in_words(hole)});
        });
        const auto result = analyse(into, id, into.conditions(id));
        fmt::print("\nrun {}: {}\n{}", id, host::to_string(server),
                   report::findings_text(result.findings));
    }
    return exit_code::done;
}

}  // namespace

const command import_command{
    "import",   "takes from packet captures which silences were survived", options_of_import,
    run_import, "deadair-analysis import --db results.db path.pcap",       "file"};

}  // namespace deadair::command
