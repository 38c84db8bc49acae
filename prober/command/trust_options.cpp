#include "prober/command/trust_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "analysis/words/usage_error.hpp"
#include "echo-server/transport/token_file.hpp"
#include "echo-server/wire/token.hpp"

namespace deadair::prober {

std::string read_pin(std::string pin, const char* option)
{
    constexpr std::string_view prefix = "sha256:";
    if (!pin.starts_with(prefix) || !wire::parse_secret(pin.substr(prefix.size())))
        throw usage_error(
            fmt::format("--{} '{}' is not sha256: and 64 hexadecimal digits; copy it from what the "
                        "server prints at its start",
                        option, pin));
    std::ranges::transform(pin, pin.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c; });
    return pin;
}

void read_trust(const po::variables_map& given, server_options& wanted)
{
    if (given.count("pin") != 0 && given.count("ca-file") != 0)
        throw usage_error("--pin and --ca-file exclude each other; give one of them");
    if (given.count("pin") != 0)
        wanted.whom.pin = read_pin(given["pin"].as<std::string>(), "pin");
    if (given.count("ca-file") != 0)
        wanted.whom.ca_file = given["ca-file"].as<std::string>();
    wanted.whom.allow_interception = given.count("allow-interception") != 0;
}

wire::buffer token_of(const std::string& file, const char* option)
{
    if (std::filesystem::is_directory(file))
        throw usage_error(fmt::format(
            "--{} {} is a folder; name the file in it that holds the token", option, file));
    try {
        return net::read_token_file(file).front().secret;
    } catch (const std::runtime_error& problem) {
        throw usage_error(problem.what());
    }
}

void read_token(const po::variables_map& given, server_options& wanted)
{
    if (given.count("token-file") != 0) {
        wanted.token = token_of(given["token-file"].as<std::string>(), "token-file");
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

}  // namespace deadair::prober
