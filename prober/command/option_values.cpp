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

}  // namespace deadair::prober
