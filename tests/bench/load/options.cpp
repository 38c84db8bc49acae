#include "tests/bench/load/options.hpp"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <sstream>

#include "analysis/words/command_line.hpp"
#include "analysis/words/usage_error.hpp"
#include "echo-server/transport/token_file.hpp"

namespace deadair::load {

namespace {

namespace po = boost::program_options;

net::tcp::endpoint parse_endpoint(const std::string& text)
{
    const auto colon = text.rfind(':');
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(text.substr(0, colon), error);
    const auto port = colon == std::string::npos ? 0 : std::atoi(text.c_str() + colon + 1);
    if (error || port < 1 || port > 65535)
        throw usage_error(fmt::format(
            "--server '{}' is not an IPv4 address and a port; write for example 127.0.0.1:7443",
            text));
    return {address, static_cast<std::uint16_t>(port)};
}

transport parse_kind(const std::string& text)
{
    for (const auto kind : {transport::tcp, transport::tls, transport::ws, transport::wss})
        if (text == to_string(kind))
            return kind;
    throw usage_error(fmt::format("--transport '{}' is not one of tcp, tls, ws, wss", text));
}

std::size_t count(const po::variables_map& given, const char* name, long most)
{
    const auto value = given[name].as<long>();
    if (value < 1 || value > most)
        throw usage_error(fmt::format("--{} {} is out of range; use 1 to {}", name, value, most));
    return static_cast<std::size_t>(value);
}

std::chrono::seconds seconds(const po::variables_map& given, const char* name)
{
    const auto value = given[name].as<long>();
    if (value < 0 || value > 3600)
        throw usage_error(fmt::format("--{} {} is out of range; use 0 to 3600", name, value));
    return std::chrono::seconds{value};
}

po::options_description describe()
{
    po::options_description text{
        "deadair-load: opens many connections to a server, holds them, probes each of them, and "
        "reports\nwhat that cost. One address of 127.0.0.0/8 for each session.\n\nOptions",
        96};
    auto add = text.add_options();
    add("server", po::value<std::string>()->value_name("ADDR:PORT"), "the server");
    add("pin", po::value<std::string>()->value_name("sha256:HEX"),
        "its pin; without, the server is of another make and echoes what it gets");
    add("token-file", po::value<std::string>()->value_name("FILE"), "a token that is let in");
    add("transport", po::value<std::string>()->default_value("tls"), "tcp, tls, ws or wss");
    add("connections", po::value<long>()->default_value(1000), "in all");
    add("connections-per-session", po::value<long>()->default_value(1000),
        "for each session, and so for each source address");
    add("processes", po::value<long>()->default_value(1), "that share them");
    add("server-pid", po::value<std::vector<int>>()->composing(),
        "the server's process, for its memory and processor time (repeatable)");
    add("hold", po::value<long>()->default_value(2), "seconds of silence before the probes");
    add("probes-per-second", po::value<long>()->default_value(1000), "of each process");
    add("lateness-for", po::value<long>()->default_value(0),
        "seconds in which probes and bare timers take turns, to compare how late they are");
    add("help", "this text");
    return text;
}

options interpret(const po::variables_map& given)
{
    if (given.count("server") == 0)
        throw usage_error("--server is missing; see --help");
    if (given.count("pin") != given.count("token-file"))
        throw usage_error("--pin and --token-file belong together");
    options wanted;
    wanted.server = parse_endpoint(given["server"].as<std::string>());
    wanted.kind = parse_kind(given["transport"].as<std::string>());
    if (given.count("pin") != 0) {
        wanted.pin = given["pin"].as<std::string>();
        wanted.token = net::read_token_file(given["token-file"].as<std::string>()).at(0).secret;
    }
    wanted.connections = count(given, "connections", 1'000'000);
    wanted.connections_per_session = count(given, "connections-per-session", 20'000);
    wanted.processes = count(given, "processes", 64);
    if (given.count("server-pid") != 0)
        wanted.server_pids = given["server-pid"].as<std::vector<int>>();
    wanted.hold = seconds(given, "hold");
    wanted.probes_per_second = count(given, "probes-per-second", 1'000'000);
    wanted.lateness_for = seconds(given, "lateness-for");
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
    return interpret(given);
}

}  // namespace deadair::load
