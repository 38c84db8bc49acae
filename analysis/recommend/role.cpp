#include "analysis/recommend/role.hpp"

#include <array>

#include "analysis/words/names.hpp"

namespace deadair::recommend {
namespace {

constexpr std::array<std::string_view, 4> names{"client", "server", "proxy", "behind-proxy"};

}  // namespace

std::string_view to_string(role value)
{
    return name_of(value, names);
}

std::optional<role> parse_role(std::string_view text)
{
    return value_of<role>(text, names);
}

std::string_view described(role value)
{
    constexpr std::array<std::string_view, 4> spoken{
        "a client", "a server that clients reach through a plain firewall",
        "the very proxy that ends the connections",
        "a server behind a proxy that reuses its connections"};
    return name_of(value, spoken);
}

}  // namespace deadair::recommend
