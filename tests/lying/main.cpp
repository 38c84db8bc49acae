#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analysis/words/command_line.hpp"
#include "analysis/words/program.hpp"
#include "analysis/words/usage_error.hpp"
#include "echo-server/identity.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/secret_file.hpp"
#include "echo-server/transport/token_file.hpp"
#include "tests/lying/companion.hpp"

namespace deadair::lying {
namespace {

namespace po = boost::program_options;
using po::value;

po::options_description known_options()
{
    po::options_description text{
        "lying-companion: an echo server on loopback that lies, and a middlebox before it\n\n"
        "Options"};
    auto to = text.add_options();
    to("state-dir", value<std::string>()->value_name("DIR"), "where token and key are made");
    to("seed", value<std::uint64_t>()->value_name("N")->default_value(1), "of all chance");
    to("lie", value<std::vector<std::string>>()->value_name("FRAME:ACT[=DETAIL][:SHARE]"),
       "may be given again; without one, and without --honest, the seed draws some");
    to("honest", "tells the truth");
    to("expiry", value<std::string>()->value_name("HOW")->default_value("none"),
       "what the middlebox does after its timeout: none, silent, reset");
    to("timeout", value<std::string>()->value_name("TIME")->default_value("1500ms"),
       "the middlebox's");
    to("list", "print every lie there is");
    to("help", "this text");
    return text;
}

std::vector<lie> lies_of(const po::variables_map& given)
{
    if (given.count("honest") != 0)
        return {};
    chance by{given["seed"].as<std::uint64_t>()};
    if (given.count("lie") == 0)
        return some_lies(by);
    std::vector<lie> read;
    for (const auto& each : given["lie"].as<std::vector<std::string>>()) {
        const auto one = parse_lie(each);
        if (!one)
            throw usage_error(fmt::format("--lie '{}' is none; --list has them all", each));
        read.push_back(*one);
    }
    return read;
}

truth truth_of(const po::variables_map& given)
{
    const auto how = given["expiry"].as<std::string>();
    const auto after = parse_duration(given["timeout"].as<std::string>());
    if (!after || (how != "none" && how != "silent" && how != "reset"))
        throw usage_error("--expiry is none, silent or reset, --timeout a time such as 1500ms");
    return {.how = how == "none"     ? expiry::none
                   : how == "silent" ? expiry::silent
                                     : expiry::reset,
            .after = *after};
}

void serve(const po::variables_map& given)
{
    const std::filesystem::path state = given["state-dir"].as<std::string>();
    const auto own = echo_server::load_or_make_identity(state);
    const auto token_file = state / "token";
    net::write_secret_once(token_file, std::string(2 * wire::token_size, '7') + "\n");
    const auto context = net::make_server_context(own.certificate.get(), own.key.get());
    boost::asio::io_context io;
    const auto lies = lies_of(given);
    companion serving{io, context.get(), net::read_token_file(token_file).front().secret,
                      truth_of(given), teller{lies, given["seed"].as<std::uint64_t>()}};
    std::string all;
    for (const auto& each : lies)
        all += " " + to_string(each);
    fmt::print("{} {}{}\n", serving.local().port(), net::pin_of(own.certificate.get()), all);
    std::fflush(stdout);
    boost::asio::signal_set over{io, SIGTERM, SIGINT};
    over.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
    io.run();
}

exit_code run(const std::vector<std::string>& words)
{
    const auto known = known_options();
    const auto given = read_command_line(words, known, {}, "lying-companion --help");
    if (given.count("help") != 0) {
        std::ostringstream text;
        text << known;
        fmt::print("{}", text.str());
    } else if (given.count("list") != 0) {
        for (const auto& each : all_lies())
            fmt::print("{}\n", to_string(each));
    } else {
        if (given.count("state-dir") == 0)
            throw usage_error("--state-dir is missing");
        serve(given);
    }
    return exit_code::done;
}

}  // namespace
}  // namespace deadair::lying

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    return deadair::run_program("lying-companion", [&] { return deadair::lying::run(words); });
}
