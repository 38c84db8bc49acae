#include "prober/command/common_options.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "analysis/words/nearest.hpp"
#include "analysis/words/url.hpp"
#include "deadair/version.hpp"
#include "prober/command/option_values.hpp"
#include "prober/command/trust_options.hpp"

namespace deadair::prober {

namespace {

using po::value;

constexpr std::string_view default_port_text = "7443";
constexpr std::uint32_t files_for_the_rest = 32;

// "host", "host:port", "[v6]", "[v6]:port", "v6".
void read_target(const std::string& text, server_options& wanted)
{
    if (text.find('@') != std::string::npos || text.find("://") != std::string::npos)
        throw usage_error(
            "a server is named HOST[:PORT], for example echo.example:7443, without a scheme, a "
            "user "
            "or a password");
    std::string host = text;
    std::string port{default_port_text};
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string::npos || (close + 1 < text.size() && text[close + 1] != ':'))
            throw usage_error(fmt::format("'{}' is not HOST[:PORT]", text));
        host = text.substr(1, close - 1);
        if (close + 1 < text.size())
            port = text.substr(close + 2);
    } else if (std::ranges::count(text, ':') == 1) {
        host = text.substr(0, text.find(':'));
        port = text.substr(text.find(':') + 1);
    }
    if (host.empty())
        throw usage_error(fmt::format("'{}' names no host; write HOST[:PORT]", text));
    wanted.host = host;
    wanted.ports = {port_number(port)};
}

// The first of two words was meant as a command.
std::string too_many(const std::vector<std::string>& words)
{
    std::vector<std::string_view> names;
    for (const auto& each : commands())
        names.emplace_back(each.name);
    if (const auto meant = did_you_mean(words[0], names); !meant.empty())
        return fmt::format("there is no command '{}'{}", words[0], meant);
    return fmt::format("'{}' is one word too many; see --help", without_secrets(words[1]));
}

std::string positional(const po::variables_map& given)
{
    if (given.count("words") == 0)
        throw usage_error("no server is named; write deadair-prober HOST[:PORT] (see --help)");
    const auto& words = given["words"].as<std::vector<std::string>>();
    if (words.size() > 1)
        throw usage_error(too_many(words));
    return words.front();
}

std::string explain_failure_of_other_make(const server_options& server, const std::string& failure)
{
    const auto holds = [&](std::string_view words) { return failure.find(words) != failure.npos; };
    if (holds("wrong version number") || holds("packet length too long") || holds("http request"))
        return fmt::format(
            "what answers there does not speak TLS ({}); is it a server for {}:// without the s?",
            failure, server.scheme.substr(0, server.scheme.size() - 1));
    if (holds("no application protocol"))
        return "the server does not speak HTTP/1.1 (HTTP/2 alone, it seems), and HTTP/2 shares one "
               "connection among all; measure another URL, or a deadair-echo-server beside it";
    if (failure.find(';') == failure.npos)
        return failure + "; is the server running there, and may this host reach the port?";
    return failure;
}

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

void read_proxy(const po::variables_map& given, server_options& wanted)
{
    const char* const kept = std::getenv("DEADAIR_PROXY");
    if (given.count("proxy") == 0 && (kept == nullptr || *kept == '\0'))
        return;
    const bool said = given.count("proxy") != 0;
    wanted.proxy = net::parse_proxy(said ? given["proxy"].as<std::string>() : std::string{kept});
    if (!wanted.proxy)
        throw usage_error(fmt::format(
            "{} is not http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host "
            "if need be; in USER and PASSWORD write @ as %40, / as %2F, : as %3A, # as %23, ? as "
            "%3F, % as %25",
            said ? "--proxy" : "DEADAIR_PROXY"));
}

void read_families(const po::variables_map& given, server_options& wanted)
{
    if (given.count("ipv4") != 0)
        wanted.families.push_back(address_family::ipv4);
    if (given.count("ipv6") != 0)
        wanted.families.push_back(address_family::ipv6);
}

server_options another_server(const std::string& text, server_options like)
{
    read_target(text, like);
    return like;
}

void add_server_options(po::options_description& add)
{
    auto to = add.add_options();
    to("token-file", value<std::string>()->value_name("FILE"),
       "the server's token file (or the token itself in the environment variable "
       "DEADAIR_TOKEN)");
    to("pin", value<std::string>()->value_name("sha256:HEX"),
       "the server's public key, as the server prints it");
    to("ca-file", value<std::string>()->value_name("FILE"),
       "certificate authorities to trust instead of a pin (PEM; without either: the system's)");
    to("allow-interception", "measure also where something on the path opens TLS");
    to("proxy", value<std::string>()->value_name("URL"),
       "go through http://HOST:PORT (CONNECT) or socks5://HOST:PORT; with USER:PASSWORD@ before "
       "the host where it wants them (better in the environment variable DEADAIR_PROXY)");
    to("port", value<std::string>()->value_name("LIST"),
       "server ports to measure, each on its own (default: the one of HOST:PORT)");
    to("hibernate",
       "keep of silent TLS 1.3 connections their keys alone, 1.2 KiB each in place of 18");
    to("ipv4,4", "IPv4 only");
    to("ipv6,6", "IPv6 only; both -4 and -6: each on its own");
}

server_options read_server_options(const po::variables_map& given)
{
    server_options wanted;
    read_target(positional(given), wanted);
    if (given.count("port") != 0) {
        wanted.ports.clear();
        for (const auto& each : split(given["port"].as<std::string>()))
            wanted.ports.push_back(port_number(each));
        if (wanted.ports.empty())
            throw usage_error("--port names nothing; write for example 443,7443");
    }
    read_families(given, wanted);
    wanted.hibernate = given.count("hibernate") != 0;
    read_trust(given, wanted);
    read_proxy(given, wanted);
    read_token(given, wanted);
    return wanted;
}

void add_record_options(po::options_description& add)
{
    auto to = add.add_options();
    to("db", value<std::string>()->value_name("FILE")->default_value("results.db"),
       "SQLite file for the results");
    to("label", value<std::string>()->value_name("TEXT")->default_value(""), "a name for this run");
    to("progress", value<std::string>()->value_name("HOW")->default_value("auto"),
       "auto, plain, json or none");
}

void add_result_options(po::options_description& add)
{
    auto to = add.add_options();
    to("json", value<std::string>()->value_name("FILE"),
       "write the whole result there as one JSON document when the run ends; -: print it, and what "
       "is for people on standard error");
    to("verbose", "print all settings with their reasons, too");
}

result_options read_result_options(const po::variables_map& given)
{
    result_options wanted;
    wanted.verbose = given.count("verbose") != 0;
    if (given.count("json") == 0)
        return wanted;
    wanted.json = given["json"].as<std::string>();
    if (*wanted.json == "-")
        return wanted;
    const std::filesystem::path file = *wanted.json;
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    if (std::filesystem::is_directory(file) || ::access(folder.c_str(), W_OK) != 0)
        throw usage_error(fmt::format(
            "--json {} cannot be written; name a file in a folder that is there, and yours",
            *wanted.json));
    return wanted;
}

std::string explain_failure(const server_options& server, const std::string& failure)
{
    constexpr std::string_view advice =
        "; is the echo server running there, and may this host reach the port?";
    if (!server.scheme.empty())
        return explain_failure_of_other_make(server, failure);
    const auto holds = [&](std::string_view words) { return failure.find(words) != failure.npos; };
    if (server.proxy && failure.ends_with(advice) && !holds("proxy"))
        return fmt::format(
            "the proxy {} cannot be reached: {}; is it running, and may this host "
            "reach it?",
            net::describe(*server.proxy), failure.substr(0, failure.size() - advice.size()));
    if (holds("wrong version number") || holds("packet length too long") || holds("http request"))
        return fmt::format(
            "what answers there does not speak TLS ({}); is this the port of a "
            "deadair-echo-server?",
            failure.substr(0, failure.find(';')));
    if (holds("the token is not one of the server's") && !server.whom.allow_interception)
        return failure + "; or something on the path opens TLS: see --allow-interception";
    return failure;
}

void add_evidence_option(po::options_description& add)
{
    add.add_options()("no-evidence",
                      "do not record what this host and the path look like, at the start and the "
                      "end");
}

bool wants_evidence(const po::variables_map& given)
{
    return given.count("no-evidence") == 0;
}

record_options read_record_options(const po::variables_map& given)
{
    record_options wanted;
    wanted.database = given["db"].as<std::string>();
    wanted.label = given["label"].as<std::string>();
    const auto mode = parse_progress_mode(given["progress"].as<std::string>());
    if (!mode)
        throw usage_error(fmt::format("--progress '{}' is not one of auto, plain, json, none",
                                      given["progress"].as<std::string>()));
    wanted.show = *mode;
    return wanted;
}

store::run describe_run(const record_options& record, const std::string& asked,
                        const std::string& used)
{
    store::run described;
    described.label = record.label;
    described.client_host = host_name();
    described.program_version = version;
    described.options_asked = asked;
    described.options_used = used;
    return described;
}

store::run describe_run(const server_options& server, const record_options& record,
                        const std::string& asked, const std::string& used)
{
    auto described = describe_run(record, asked, used);
    described.server_endpoint = server.endpoint();
    described.intercepted = server.whom.allow_interception;
    return described;
}

void raise_file_limit(std::uint32_t connections)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < connections + files_for_the_rest)
        throw usage_error(fmt::format(
            "--connections {} needs more open files than this process may have ({}); raise the "
            "limit with ulimit -n, or use at most {}",
            connections, limit.rlim_max,
            limit.rlim_max > files_for_the_rest ? limit.rlim_max - files_for_the_rest : 0));
}

}  // namespace deadair::prober
