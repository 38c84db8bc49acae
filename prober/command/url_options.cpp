#include "prober/command/url_options.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

#include "analysis/words/url.hpp"
#include "deadair/version.hpp"
#include "echo-server/transport/secret_file.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/trust_options.hpp"

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
constexpr std::array only_with_ours{
    "transport",         "direction", "refresh",    "refresh-from", "hops",
    "control",           "port",      "token-file", "control-pin",  "control-token-file",
    "allow-interception"};
constexpr std::array only_with_url{"mine", "login-file", "header-file", "contact"};

bool was_given(const po::variables_map& given, const char* option)
{
    return given.count(option) != 0 && !given[option].defaulted();
}

const std::string& word(const po::variables_map& given)
{
    return given["words"].as<std::vector<std::string>>().front();
}

bool holds_control(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
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
    const bool http =
        found->speaks == dialogue::language::http || found->speaks == dialogue::language::websocket;
    for (const auto* each : {"header-file", "contact"})
        if (!http && given.count(each) != 0)
            throw usage_error(
                fmt::format("--{} is for HTTP; leave it out with {}://", each, found->name));
    return *found;
}

std::string secret(const std::string& file, std::string_view what)
{
    try {
        return net::read_secret_file(file, what);
    } catch (const std::runtime_error& problem) {
        throw usage_error(problem.what());
    }
}

void read_login(const po::variables_map& given, dialogue::words& said)
{
    const char* const kept = std::getenv("DEADAIR_LOGIN");
    if (given.count("login-file") == 0 && kept == nullptr)
        return;
    auto text = given.count("login-file") != 0
                    ? secret(given["login-file"].as<std::string>(), "login file")
                    : std::string{kept};
    text = text.substr(0, text.find_first_of("\r\n"));
    const auto colon = text.find(':');
    if (colon == std::string::npos || holds_control(text))
        throw usage_error(fmt::format("{} does not hold USER:PASSWORD",
                                      given.count("login-file") != 0
                                          ? given["login-file"].as<std::string>()
                                          : "DEADAIR_LOGIN"));
    said.user = text.substr(0, colon);
    said.password = text.substr(colon + 1);
}

void read_headers(const po::variables_map& given, dialogue::words& said)
{
    if (given.count("header-file") == 0)
        return;
    const auto& file = given["header-file"].as<std::string>();
    std::istringstream in{secret(file, "header file")};
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.empty())
            continue;
        if (line.find(':') == std::string::npos || line.starts_with(':') || holds_control(line))
            throw usage_error(
                fmt::format("{} holds a line that is no header; write 'Name: value'", file));
        said.headers.push_back(line);
    }
}

dialogue::words read_words(const po::variables_map& given, const url& named, const scheme& by)
{
    dialogue::words said;
    const bool v6 = named.host.find(':') != std::string::npos;
    said.host = v6 ? fmt::format("[{}]", named.host) : named.host;
    if (named.port && *named.port != by.port)
        said.host += fmt::format(":{}", *named.port);
    said.target = named.target;
    said.agent = fmt::format(
        "deadair/{} (measures idle timeouts{})", version,
        given.count("contact") != 0 ? "; " + given["contact"].as<std::string>() : std::string{});
    if (holds_control(said.agent))
        throw usage_error("--contact holds a control character; write a mail address or a URL");
    read_login(given, said);
    read_headers(given, said);
    return said;
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

planner::plan read_plan(const po::variables_map& given)
{
    planner::plan plan;
    plan.directions = {direction::to_server};
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
    wanted.said = read_words(given, named, by);
    wanted.plan = read_plan(given);
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const url_options& used)
{
    std::vector<std::string_view> families;
    std::ranges::transform(used.server.families, std::back_inserter(families),
                           [](address_family each) { return to_string(each); });
    return fmt::format(
        R"({{"transport":"{}","direction":"to_server","port":"{}","family":"{}","idle_min_s":{},)"
        R"("idle_max_s":{},"resolution_s":{},"resolution_relative":{},"connections":{},)"
        R"("open_rate_per_s":{},"exhaustive":{},"witness":"{}","proxy":"{}"}})",
        to_string(used.kind), used.server.ports.front(), fmt::join(families, ","),
        to_seconds(used.plan.idle_min), to_seconds(used.plan.idle_max),
        to_seconds(used.plan.resolution), used.plan.resolution_relative, used.plan.connections,
        used.plan.open_rate, used.plan.exhaustive, used.server.scheme,
        used.server.proxy ? net::describe(*used.server.proxy) : "");
}

}  // namespace deadair::prober
