#include "prober/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "analysis/words/duration.hpp"
#include "analysis/words/usage_error.hpp"
#include "deadair/version.hpp"
#include "echo-server/transport/token_file.hpp"

namespace deadair::prober {

namespace {

namespace po = boost::program_options;
using po::value;

constexpr std::string_view default_port_text = "7443";

po::options_description describe()
{
    po::options_description text{
        "deadair-prober: measures after how much silence the firewall between this host and an\n"
        "echo server forgets a connection.\n"
        "Usage: deadair-prober [measure] HOST[:PORT] [OPTION]...\n\nOptions",
        96};
    auto add = text.add_options();
    add("token-file", value<std::string>()->value_name("FILE"),
        "the server's token file (or the token itself in the environment variable "
        "DEADAIR_TOKEN)");
    add("pin", value<std::string>()->value_name("sha256:HEX"),
        "the server's public key, as the server prints it");
    add("ca-file", value<std::string>()->value_name("FILE"),
        "certificate authorities to trust instead of a pin (PEM; without either: the system's)");
    add("allow-interception", "measure also where something on the path opens TLS");
    add("transport", value<std::string>()->value_name("LIST")->default_value("tls,wss"),
        "of tcp, tls, ws, wss");
    add("direction", value<std::string>()->value_name("LIST")->default_value("to_client,to_server"),
        "who speaks first after the silence: to_client (the server), to_server (the client)");
    add("min-idle", value<std::string>()->value_name("TIME")->default_value("5s"),
        "shortest silence to try");
    add("max-idle", value<std::string>()->value_name("TIME")->default_value("2h"),
        "longest silence to try");
    add("resolution", value<std::string>()->value_name("TIME"),
        "how exact the answer is to be (default the larger of 500ms and 0.1 %)");
    add("connections", value<long>()->value_name("N")->default_value(128),
        "at most so many at a time");
    add("open-rate", value<double>()->value_name("N")->default_value(20, "20"),
        "connections opened per second, at most");
    add("exhaustive", "follow what outlives the rest up to --max-idle");
    add("port", value<std::string>()->value_name("LIST"),
        "server ports to measure, each on its own (default: the one of HOST:PORT)");
    add("ipv4,4", "IPv4 only");
    add("ipv6,6", "IPv6 only; both -4 and -6: each on its own");
    add("db", value<std::string>()->value_name("FILE")->default_value("results.db"),
        "SQLite file for the results");
    add("label", value<std::string>()->value_name("TEXT")->default_value(""),
        "a name for this run");
    add("progress", value<std::string>()->value_name("HOW")->default_value("auto"),
        "auto, plain, json or none");
    add("help", "this text");
    add("version", "the version");
    return text;
}

std::vector<std::string> split(const std::string& list)
{
    std::vector<std::string> parts;
    std::istringstream in{list};
    for (std::string part; std::getline(in, part, ',');)
        parts.push_back(part);
    return parts;
}

// Reads a list of words, each once.
template <class Parse>
auto word_list(const std::string& option, const std::string& text, const char* known, Parse parse)
{
    std::vector<typename decltype(parse(""))::value_type> found;
    for (const auto& part : split(text)) {
        const auto word = parse(part);
        if (!word)
            throw usage_error(fmt::format("--{} '{}' is not one of {}", option, part, known));
        if (std::ranges::find(found, *word) == found.end())
            found.push_back(*word);
    }
    if (found.empty())
        throw usage_error(fmt::format("--{} names nothing; choose of {}", option, known));
    return found;
}

nanoseconds duration(const po::variables_map& given, const char* option)
{
    const auto& text = given[option].as<std::string>();
    const auto parsed = parse_duration(text);
    if (!parsed)
        throw usage_error(
            fmt::format("--{} '{}' is not a duration; write for example 1500ms, 90s, 15m, 2h or 1d",
                        option, text));
    return *parsed;
}

std::uint16_t port_number(const std::string& text)
{
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stopped != end || port == 0)
        throw usage_error(fmt::format("'{}' is not a port; use 1 to 65535", text));
    return port;
}

// "host", "host:port", "[v6]", "[v6]:port", "v6".
void read_target(const std::string& text, options& wanted)
{
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

std::string positional(const po::variables_map& given)
{
    if (given.count("words") == 0)
        throw usage_error("no server is named; write deadair-prober HOST[:PORT] (see --help)");
    auto words = given["words"].as<std::vector<std::string>>();
    if (words.front() == "measure")
        words.erase(words.begin());
    if (words.empty())
        throw usage_error("no server is named; write deadair-prober measure HOST[:PORT]");
    if (words.size() > 1)
        throw usage_error(fmt::format("'{}' is one word too many; see --help", words[1]));
    return words.front();
}

void read_trust(const po::variables_map& given, options& wanted)
{
    if (given.count("pin") != 0 && given.count("ca-file") != 0)
        throw usage_error("--pin and --ca-file exclude each other; give one of them");
    if (given.count("pin") != 0) {
        const auto pin = given["pin"].as<std::string>();
        constexpr std::string_view prefix = "sha256:";
        if (!pin.starts_with(prefix) || !wire::parse_secret(pin.substr(prefix.size())))
            throw usage_error(fmt::format(
                "--pin '{}' is not sha256: and 64 hexadecimal digits; copy it from what the "
                "server prints at its start",
                pin));
        wanted.whom.pin = pin;
        std::ranges::transform(*wanted.whom.pin, wanted.whom.pin->begin(), [](char c) {
            return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c;
        });
    }
    if (given.count("ca-file") != 0)
        wanted.whom.ca_file = given["ca-file"].as<std::string>();
    wanted.whom.allow_interception = given.count("allow-interception") != 0;
}

void read_token(const po::variables_map& given, options& wanted)
{
    if (given.count("token-file") != 0) {
        try {
            wanted.token =
                net::read_token_file(given["token-file"].as<std::string>()).front().secret;
        } catch (const std::runtime_error& problem) {
            throw usage_error(problem.what());
        }
        return;
    }
    const char* text = std::getenv("DEADAIR_TOKEN");
    if (text == nullptr)
        throw usage_error(
            "no token is given; copy the server's token file and name it with --token-file");
    const auto secret = wire::parse_secret(text);
    if (!secret)
        throw usage_error("DEADAIR_TOKEN does not hold a token of 64 hexadecimal digits");
    wanted.token = *secret;
}

void read_plan(const po::variables_map& given, options& wanted)
{
    wanted.transports = word_list("transport", given["transport"].as<std::string>(),
                                  "tcp, tls, ws, wss", parse_transport);
    wanted.plan.directions = word_list("direction", given["direction"].as<std::string>(),
                                       "to_client, to_server", parse_direction);
    wanted.plan.idle_min = duration(given, "min-idle");
    wanted.plan.idle_max = duration(given, "max-idle");
    if (wanted.plan.idle_min >= wanted.plan.idle_max)
        throw usage_error(fmt::format("--min-idle {} is not below --max-idle {}",
                                      given["min-idle"].as<std::string>(),
                                      given["max-idle"].as<std::string>()));
    if (given.count("resolution") != 0) {
        wanted.plan.resolution = duration(given, "resolution");
        wanted.plan.resolution_relative = 0;
    }
    const auto connections = given["connections"].as<long>();
    if (connections < 2 || connections > 100'000)
        throw usage_error(
            fmt::format("--connections {} is out of range; use 2 to 100000", connections));
    wanted.plan.connections = static_cast<std::uint32_t>(connections);
    wanted.plan.open_rate = given["open-rate"].as<double>();
    if (!(wanted.plan.open_rate >= 0.1 && wanted.plan.open_rate <= 1000))
        throw usage_error(
            fmt::format("--open-rate {} is out of range; use 0.1 to 1000", wanted.plan.open_rate));
    wanted.plan.exhaustive = given.count("exhaustive") != 0;
}

options interpret(const po::variables_map& given)
{
    options wanted;
    read_target(positional(given), wanted);
    if (given.count("port") != 0) {
        wanted.ports.clear();
        for (const auto& each : split(given["port"].as<std::string>()))
            wanted.ports.push_back(port_number(each));
    }
    if (given.count("ipv4") != 0)
        wanted.families.push_back(address_family::ipv4);
    if (given.count("ipv6") != 0)
        wanted.families.push_back(address_family::ipv6);
    read_trust(given, wanted);
    read_plan(given, wanted);
    wanted.database = given["db"].as<std::string>();
    wanted.label = given["label"].as<std::string>();
    const auto mode = parse_progress_mode(given["progress"].as<std::string>());
    if (!mode)
        throw usage_error(fmt::format("--progress '{}' is not one of auto, plain, json, none",
                                      given["progress"].as<std::string>()));
    wanted.show = *mode;
    read_token(given, wanted);
    return wanted;
}

// Every name and value that is written here was checked: none needs escaping in JSON.
std::string options_json(const options& used)
{
    std::vector<std::string_view> kinds;
    std::ranges::transform(used.transports, std::back_inserter(kinds),
                           [](transport each) { return to_string(each); });
    std::vector<std::string_view> ways;
    std::ranges::transform(used.plan.directions, std::back_inserter(ways),
                           [](direction each) { return to_string(each); });
    return fmt::format(
        R"({{"transport":"{}","direction":"{}","port":"{}","idle_min_s":{},"idle_max_s":{},)"
        R"("resolution_s":{},"resolution_relative":{},"connections":{},"open_rate_per_s":{},)"
        R"("exhaustive":{},"allow_interception":{}}})",
        fmt::join(kinds, ","), fmt::join(ways, ","), fmt::join(used.ports, ","),
        to_seconds(used.plan.idle_min), to_seconds(used.plan.idle_max),
        to_seconds(used.plan.resolution), used.plan.resolution_relative, used.plan.connections,
        used.plan.open_rate, used.plan.exhaustive, used.whom.allow_interception);
}

po::variables_map read_words(int argc, const char* const* argv,
                             const po::options_description& known)
{
    po::options_description all;
    all.add(known).add_options()("words", value<std::vector<std::string>>());
    po::positional_options_description positions;
    positions.add("words", -1);
    po::variables_map given;
    try {
        po::store(po::command_line_parser(argc, argv)
                      .options(all)
                      .positional(positions)
                      .style(po::command_line_style::default_style &
                             ~po::command_line_style::allow_guessing)
                      .run(),
                  given);
    } catch (const po::error& problem) {
        throw usage_error(fmt::format("{}; see --help", problem.what()));
    }
    return given;
}

}  // namespace

std::string options::endpoint() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", host, ports.front())
              : fmt::format("{}:{}", host, ports.front());
}

std::optional<options> parse_options(int argc, const char* const* argv)
{
    const auto known = describe();
    const auto given = read_words(argc, argv, known);
    if (given.count("help") != 0) {
        std::ostringstream text;
        text << known;
        fmt::print("{}", text.str());
        return std::nullopt;
    }
    if (given.count("version") != 0) {
        fmt::print("deadair-prober {}\n", version);
        return std::nullopt;
    }
    auto wanted = interpret(given);
    wanted.asked = fmt::format("{}", fmt::join(argv, argv + argc, " "));
    wanted.used = options_json(wanted);
    return wanted;
}

}  // namespace deadair::prober
