#include "prober/command/url_options.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "analysis/words/url.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/trust_options.hpp"
#include "prober/command/url_words.hpp"

namespace deadair::prober {

namespace {

using po::value;

/// A scheme of a URL, and what stands behind it.
struct scheme {
    std::string_view name;
    dialogue::language speaks{};
    transport kind{};
    std::uint16_t port{};  ///< the usual one; 0: there is none
};
constexpr std::array schemes{
    scheme{"https", dialogue::language::http, transport::tls, 443},
    scheme{"http", dialogue::language::http, transport::tcp, 80},
    scheme{"wss", dialogue::language::websocket, transport::wss, 443},
    scheme{"ws", dialogue::language::websocket, transport::ws, 80},
    scheme{"redis", dialogue::language::redis, transport::tcp, 6379},
    scheme{"rediss", dialogue::language::redis, transport::tls, 6379},
    scheme{"mqtt", dialogue::language::mqtt, transport::tcp, 1883},
    scheme{"mqtts", dialogue::language::mqtt, transport::tls, 8883},
    scheme{"tls", dialogue::language::tls, transport::tls, 0},
    scheme{"tcp", dialogue::language::tcp, transport::tcp, 0},
};

// Of a server that is somebody else's: with the one that shows whether the path works 20, and 2
// opened a second.
constexpr std::uint32_t connections_of_a_guest = 19;
constexpr double open_rate_of_a_guest = 1.5;
constexpr std::uint32_t connections_at_home = 64;

// What only our own server can do, or is asked for.
constexpr std::array only_with_ours{"transport",
                                    "refresh",
                                    "refresh-from",
                                    "hops",
                                    "control",
                                    "port",
                                    "token-file",
                                    "control-pin",
                                    "control-token-file",
                                    "allow-interception",
                                    "hibernate"};
constexpr std::array only_with_url{"mine",      "login-file",  "header-file", "cookie-file",
                                   "body-file", "delayed-url", "contact"};

bool was_given(const po::variables_map& given, const char* option)
{
    return given.count(option) != 0 && !given[option].defaulted();
}

const std::string& word(const po::variables_map& given)
{
    return given["words"].as<std::vector<std::string>>().front();
}

std::string known_schemes()
{
    std::vector<std::string> all;
    for (const auto& each : schemes)
        all.push_back(fmt::format("{}://", each.name));
    return fmt::format("{}", fmt::join(all, ", "));
}

url read_url(const po::variables_map& given)
{
    const auto& words = given["words"].as<std::vector<std::string>>();
    if (words.size() > 1)
        throw usage_error("one URL is measured at a time; run another prober for the other server");
    const auto named = parse_url(word(given));
    if (!named)
        throw usage_error(
            fmt::format("'{}' is not SCHEME://HOST[:PORT][/PATH]", without_secrets(word(given))));
    if (!named->user.empty() || !named->password.empty())
        throw usage_error(
            "a login does not belong into a URL, where everybody on this host can read it; put "
            "USER:PASSWORD into a file and name it with --login-file");
    const bool listed = named->host.find_first_of(",*;") != std::string::npos;
    if (listed)
        throw usage_error(fmt::format("'{}' is not one host; name one", deadair::shown(*named)));
    return *named;
}

const scheme& scheme_of(const po::variables_map& given, const url& named)
{
    const auto found = std::ranges::find(schemes, named.scheme, &scheme::name);
    if (found == schemes.end())
        throw usage_error(
            fmt::format("'{}' is none of {}; a deadair-echo-server is named HOST:PORT",
                        deadair::shown(named), known_schemes()));
    if (found->port == 0 && !named.port)
        throw usage_error(fmt::format("'{}' names no port; write {}://HOST:PORT",
                                      deadair::shown(named), found->name));
    const bool request = found->speaks == dialogue::language::http;
    const bool http = request || found->speaks == dialogue::language::websocket;
    for (const auto* each : {"header-file", "cookie-file", "contact"})
        if (!http && given.count(each) != 0)
            throw usage_error(
                fmt::format("--{} is for HTTP; leave it out with {}://", each, found->name));
    for (const auto* each : {"body-file", "delayed-url"})
        if (!request && given.count(each) != 0)
            throw usage_error(fmt::format(
                "--{} is for https:// and http://; leave it out with {}://", each, found->name));
    return *found;
}

// Manners: a server that is not one's own is burdened with little.
void read_burden(const po::variables_map& given, planner::plan& plan)
{
    const bool mine = given.count("mine") != 0;
    plan.connections = mine ? connections_at_home : connections_of_a_guest;
    plan.open_rate = mine ? open_rate(given) : open_rate_of_a_guest;
    if (was_given(given, "connections"))
        plan.connections = whole_number(given, "connections", 2, 100'000);
    if (was_given(given, "open-rate"))
        plan.open_rate = open_rate(given);
    if (!mine && plan.connections > connections_of_a_guest)
        throw usage_error(fmt::format(
            "--connections {} burdens a server that may be somebody else's; use at most {} (one "
            "more shows whether the path works), or say --mine if it is yours",
            plan.connections, connections_of_a_guest));
    if (!mine && plan.open_rate > open_rate_of_a_guest)
        throw usage_error(fmt::format(
            "--open-rate {:g} burdens a server that may be somebody else's; use at most {:g}, or "
            "say --mine if it is yours",
            plan.open_rate, open_rate_of_a_guest));
}

// Who speaks first: all that this language lets us measure, unless the user chose. A Redis server
// spares those who subscribe from its own timeout, which the user's connections meet: unasked, none
// of ours does.
std::vector<direction> read_directions(const po::variables_map& given, const scheme& by)
{
    const bool both = dialogue::can_let_speak(by.speaks) || given.count("delayed-url") != 0;
    if (!was_given(given, "direction"))
        return both && by.speaks != dialogue::language::redis
                   ? std::vector{direction::to_client, direction::to_server}
                   : std::vector{direction::to_server};
    auto wanted = directions(given);
    if (!both && std::ranges::find(wanted, direction::to_client) != wanted.end())
        throw usage_error(fmt::format(
            "--direction to_client needs a server that can be made to speak: redis://, mqtt://, "
            "https:// with --delayed-url, or a deadair-echo-server; use --direction to_server with "
            "{}://",
            by.name));
    return wanted;
}

planner::plan read_plan(const po::variables_map& given, const scheme& by)
{
    planner::plan plan;
    plan.directions = read_directions(given, by);
    plan.idle_min = duration(given, "min-idle");
    plan.idle_max = duration(given, "max-idle");
    if (plan.idle_min >= plan.idle_max)
        throw usage_error(fmt::format("--min-idle {} is not below --max-idle {}",
                                      given["min-idle"].as<std::string>(),
                                      given["max-idle"].as<std::string>()));
    if (given.count("resolution") != 0) {
        plan.resolution = duration(given, "resolution");
        plan.resolution_relative = 0;
    }
    plan.exhaustive = given.count("exhaustive") != 0;
    read_burden(given, plan);
    return plan;
}

}  // namespace

bool names_url(const po::variables_map& given)
{
    return given.count("words") != 0 && word(given).find("://") != std::string::npos;
}

void add_url_options(po::options_description& add)
{
    auto to = add.add_options();
    to("mine",
       "with a URL: the server is yours and may be burdened; else at most 20 connections, and 2 "
       "opened a second");
    to("login-file", value<std::string>()->value_name("FILE"),
       "with a URL: holds USER:PASSWORD (or the environment variable DEADAIR_LOGIN)");
    to("header-file", value<std::string>()->value_name("FILE"),
       "with a URL: holds more HTTP headers, one a line, as 'Cookie: …'");
    to("cookie-file", value<std::string>()->value_name("FILE"),
       "with a URL: holds cookies, as curl --cookie-jar writes them, or a name=value a line");
    to("body-file", value<std::string>()->value_name("FILE"),
       "with an https URL: what each request sends, by POST instead of HEAD");
    to("delayed-url", value<std::string>()->value_name("URL"),
       "with an https URL: another one there that answers after a delay, as "
       "https://HOST/delay/{seconds}, or {milliseconds}: so it speaks first");
    to("contact", value<std::string>()->value_name("TEXT"),
       "with a URL: whom the server's people may ask, as part of the User-Agent");
}

void refuse_url_options(const po::variables_map& given)
{
    for (const auto* each : only_with_url)
        if (given.count(each) != 0)
            throw usage_error(fmt::format(
                "--{} goes with a URL, as https://HOST/PATH; this server is named HOST:PORT",
                each));
}

url_options read_url_options(const po::variables_map& given)
{
    for (const auto* each : only_with_ours)
        if (was_given(given, each))
            throw usage_error(fmt::format(
                "--{} needs a deadair-echo-server, named HOST:PORT; leave it out with a URL",
                each));
    const auto named = read_url(given);
    const auto& by = scheme_of(given, named);
    url_options wanted;
    wanted.server.scheme = named.scheme;
    wanted.server.host = named.host;
    wanted.server.ports = {named.port.value_or(by.port)};
    read_families(given, wanted.server);
    read_trust(given, wanted.server);
    read_proxy(given, wanted.server);
    wanted.record = read_record_options(given);
    wanted.how = read_result_options(given);
    wanted.speaks = by.speaks;
    wanted.kind = by.kind;
    wanted.said = read_words(given, named, by.port);
    wanted.plan = read_plan(given, by);
    const auto& ways = wanted.plan.directions;
    if (std::ranges::find(ways, direction::to_client) != ways.end())
        wanted.delayed_in = read_delayed(given, named, wanted.said);
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const url_options& used)
{
    const auto words_of = [](const auto& all) {
        std::vector<std::string_view> words;
        for (const auto each : all)
            words.push_back(to_string(each));
        return words;
    };
    return fmt::format(
        R"({{"transport":"{}","direction":"{}","port":"{}","family":"{}","idle_min_s":{},)"
        R"("idle_max_s":{},"resolution_s":{},"resolution_relative":{},"connections":{},)"
        R"("open_rate_per_s":{},"exhaustive":{},"witness":"{}","proxy":"{}"}})",
        to_string(used.kind), fmt::join(words_of(used.plan.directions), ","),
        used.server.ports.front(), fmt::join(words_of(used.server.families), ","),
        to_seconds(used.plan.idle_min), to_seconds(used.plan.idle_max),
        to_seconds(used.plan.resolution), used.plan.resolution_relative, used.plan.connections,
        used.plan.open_rate, used.plan.exhaustive, used.server.scheme,
        used.server.proxy ? net::describe(*used.server.proxy) : "");
}

}  // namespace deadair::prober
