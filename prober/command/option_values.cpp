#include "prober/command/option_values.hpp"

#include <charconv>
#include <sstream>

namespace deadair::prober {

std::vector<std::string> split(const std::string& list)
{
    std::vector<std::string> parts;
    std::istringstream in{list};
    for (std::string part; std::getline(in, part, ',');)
        parts.push_back(part);
    return parts;
}

std::vector<direction> directions(const po::variables_map& given)
{
    return word_list("direction", given["direction"].as<std::string>(), "to_client, to_server",
                     parse_direction);
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

std::uint32_t whole_number(const po::variables_map& given, const char* option, std::uint32_t least,
                           std::uint32_t most)
{
    const auto& text = given[option].as<std::string>();
    std::uint32_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || value < least || value > most)
        throw usage_error(fmt::format("--{} '{}' is not a whole number from {} to {}", option, text,
                                      least, most));
    return value;
}

double open_rate(const po::variables_map& given)
{
    const auto& text = given["open-rate"].as<std::string>();
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || !(value >= 0.1 && value <= 1000))
        throw usage_error(
            fmt::format("--open-rate '{}' is not a number from 0.1 to 1000, a second", text));
    return value;
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

}  // namespace deadair::prober
