#include "echo-server/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "analysis/words/command_line.hpp"
#include "analysis/words/usage_error.hpp"
#include "deadair/version.hpp"

namespace deadair::echo_server {

namespace {

namespace po = boost::program_options;

constexpr const char* default_listen = "[::]:7443";

std::filesystem::path default_state_dir()
{
    if (const char* given = std::getenv("STATE_DIRECTORY"))  // systemd.exec(5)
        return given;
    if (::geteuid() == 0)
        return "/var/lib/deadair";
    if (const char* given = std::getenv("XDG_STATE_HOME"))
        return std::filesystem::path{given} / "deadair";
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home != nullptr ? home : "."} / ".local" / "state" / "deadair";
}

listen_address parse_address(const char* option, const std::string& text)
{
    const auto refuse = [&] {
        return usage_error(fmt::format(
            "--{} '{}' is not ADDRESS:PORT; write for example 0.0.0.0:7443 or [::]:7443", option,
            text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        throw refuse();
    listen_address found{.host = text.substr(0, colon), .port = 0, .text = text};
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, found.port);
    if (error != std::errc{} || stopped != end)
        throw refuse();
    if (found.host.starts_with('[') && found.host.ends_with(']'))
        found.host = found.host.substr(1, found.host.size() - 2);
    else if (found.host.find(':') != std::string::npos)
        throw refuse();
    return found;
}

log_level parse_level(const std::string& text)
{
    for (const auto level : {log_level::error, log_level::warn, log_level::info, log_level::debug})
        if (text == to_string(level))
            return level;
    throw usage_error(fmt::format("--log-level '{}' is not one of error, warn, info, debug", text));
}

constexpr long processes_max = 256;
constexpr long count_max = 1'000'000;
constexpr long bytes_max = 100'000'000'000;

std::size_t limit(const po::variables_map& given, const char* name, long most = count_max)
{
    const auto value = given[name].as<long>();
    if (value < 1 || value > most)
        throw usage_error(fmt::format("--{} {} is out of range; use 1 to {}", name, value, most));
    return static_cast<std::size_t>(value);
}

po::typed_value<long>* count(std::size_t value)
{
    return po::value<long>()->value_name("N")->default_value(static_cast<long>(value));
}

po::typed_value<long>* count_or_share()
{
    return po::value<long>()->value_name("N");
}

void describe_limits(po::options_description_easy_init& add)
{
    const server_limits limits;
    add("max-sessions", count(limits.sessions), "probers at a time");
    add("max-sessions-per-token", count_or_share(),
        "of them with one token (default: an equal share for each token)");
    add("max-connections", count(limits.connections), "connections at a time");
    add("max-connections-per-token", count_or_share(), "the same of connections");
    add("max-connections-per-session", count(limits.connections_per_session),
        "connections of one prober at a time");
    add("max-unauthenticated-per-address", count(limits.unauthenticated_per_address),
        "connections of one address (IPv6: one /64) that have not shown a token yet");
    add("max-unauthenticated", count(limits.unauthenticated),
        "the same of all addresses; when there are more, the oldest of them goes");
    add("max-messages-per-second",
        count(static_cast<std::size_t>(limits.rates.messages_per_second)),
        "that one prober may send, or make the server send, on all its connections");
    add("max-bytes-per-second", count(static_cast<std::size_t>(limits.rates.bytes_per_second)),
        "the same in bytes");
}

po::options_description describe()
{
    po::options_description text{
        "deadair-echo-server: the far side of a measurement.\n"
        "Usage: deadair-echo-server [OPTION]...\n\nOptions",
        96};
    auto add = text.add_options();
    add("listen", po::value<std::vector<std::string>>()->value_name("ADDR:PORT")->composing(),
        "address and port to listen on (repeatable; default [::]:7443). Every port speaks all "
        "transports");
    add("state-dir", po::value<std::string>()->value_name("DIR"),
        "holds the key pair and the token, made at the first start");
    add("certificate", po::value<std::string>()->value_name("FILE"),
        "a certificate chain of your own (PEM); SIGHUP reads it and its key again");
    add("private-key", po::value<std::string>()->value_name("FILE"), "its key (PEM)");
    add("token-file", po::value<std::string>()->value_name("FILE"),
        "tokens that are let in, one a line; SIGHUP reads it again");
    add("user", po::value<std::string>()->value_name("NAME"),
        "become this user once the ports are bound (start as root)");
    add("metrics", po::value<std::string>()->value_name("ADDR:PORT"),
        "where GET /metrics answers, without a token, in OpenMetrics text; the second process "
        "takes the next port, and so on");
    add("processes", count(1),
        "that share the ports; the limits below are of each. One client's connections must come "
        "from one address then");
    add("hibernate",
        "keep of silent TLS 1.3 connections their keys alone, 1.2 KiB each in place of 14");
    describe_limits(add);
    add("log-level", po::value<std::string>()->value_name("LEVEL")->default_value("info"),
        "error, warn, info or debug");
    add("help", "this text");
    add("version", "the version");
    return text;
}

server_limits interpret_limits(const po::variables_map& given)
{
    server_limits limits;
    limits.sessions = limit(given, "max-sessions");
    limits.connections = limit(given, "max-connections");
    limits.connections_per_session = limit(given, "max-connections-per-session");
    limits.unauthenticated_per_address = limit(given, "max-unauthenticated-per-address");
    limits.unauthenticated = limit(given, "max-unauthenticated");
    limits.rates.messages_per_second = static_cast<double>(limit(given, "max-messages-per-second"));
    limits.rates.bytes_per_second =
        static_cast<double>(limit(given, "max-bytes-per-second", bytes_max));
    for (const auto& [name, into] :
         {std::pair{"max-sessions-per-token", &limits.sessions_per_token},
          std::pair{"max-connections-per-token", &limits.connections_per_token}})
        if (given.count(name) != 0)
            *into = limit(given, name);
    return limits;
}

options interpret(const po::variables_map& given)
{
    options wanted;
    const auto path = [&](const char* name) {
        return given.count(name) != 0
                   ? std::optional<std::filesystem::path>{given[name].as<std::string>()}
                   : std::nullopt;
    };
    if (given.count("listen") == 0)
        wanted.listen.push_back(parse_address("listen", default_listen));
    else
        for (const auto& each : given["listen"].as<std::vector<std::string>>())
            wanted.listen.push_back(parse_address("listen", each));
    wanted.state_dir = path("state-dir").value_or(default_state_dir());
    wanted.certificate = path("certificate");
    wanted.private_key = path("private-key");
    wanted.token_file = path("token-file");
    if (wanted.certificate.has_value() != wanted.private_key.has_value())
        throw usage_error(wanted.certificate
                              ? "--certificate needs --private-key with the key that belongs to it"
                              : "--private-key needs --certificate with the chain it belongs to");
    if (given.count("user") != 0)
        wanted.user = given["user"].as<std::string>();
    if (given.count("metrics") != 0)
        wanted.metrics = parse_address("metrics", given["metrics"].as<std::string>());
    wanted.processes = limit(given, "processes", processes_max);
    wanted.hibernate = given.count("hibernate") != 0;
    wanted.limits = interpret_limits(given);
    wanted.level = parse_level(given["log-level"].as<std::string>());
    return wanted;
}

}  // namespace

std::optional<options> parse_options(int argc, const char* const* argv)
{
    const auto known = describe();
    const auto given = read_command_line({argv + 1, argv + argc}, known, {}, "--help");
    if (given.count("help") != 0) {
        std::ostringstream text;
        text << known;
        fmt::print("{}", text.str());
        return std::nullopt;
    }
    if (given.count("version") != 0) {
        fmt::print("deadair-echo-server {}\n", version);
        return std::nullopt;
    }
    return interpret(given);
}

}  // namespace deadair::echo_server
