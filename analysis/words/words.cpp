#include "analysis/words/words.hpp"

#include <fmt/format.h>

#include "analysis/words/names.hpp"

namespace deadair {

namespace {

// Indexed by the enumerator's value.
constexpr std::array<std::string_view, 4> transport_names{"tcp", "tls", "ws", "wss"};
constexpr std::array<std::string_view, 2> direction_names{"to_client", "to_server"};
constexpr std::array<std::string_view, 6> outcome_names{"delivered", "late",   "lost",
                                                        "reset",     "closed", "void"};
constexpr std::array<std::string_view, 4> refresh_names{"none", "tcp_keepalive", "ws_ping", "data"};
constexpr std::array<std::string_view, 4> side_names{"none", "client", "server", "both"};
constexpr std::array<std::string_view, 2> family_names{"ipv4", "ipv6"};

}  // namespace

std::string_view to_string(transport value)
{
    return name_of(value, transport_names);
}
std::string_view to_string(direction value)
{
    return name_of(value, direction_names);
}
std::string_view to_string(outcome value)
{
    return name_of(value, outcome_names);
}
std::string_view to_string(refresh value)
{
    return name_of(value, refresh_names);
}
std::string_view to_string(refresh_side value)
{
    return name_of(value, side_names);
}
std::string_view to_string(address_family value)
{
    return name_of(value, family_names);
}

std::optional<transport> parse_transport(std::string_view text)
{
    return value_of<transport>(text, transport_names);
}

std::optional<direction> parse_direction(std::string_view text)
{
    return value_of<direction>(text, direction_names);
}

std::optional<outcome> parse_outcome(std::string_view text)
{
    return value_of<outcome>(text, outcome_names);
}

std::optional<refresh> parse_refresh(std::string_view text)
{
    return value_of<refresh>(text, refresh_names);
}

std::optional<refresh_side> parse_refresh_side(std::string_view text)
{
    return value_of<refresh_side>(text, side_names);
}

std::optional<address_family> parse_address_family(std::string_view text)
{
    return value_of<address_family>(text, family_names);
}

std::string describe(const stratum& where)
{
    auto text = fmt::format("{} {} port {} {}", to_string(where.on.kind), to_string(where.way),
                            where.on.server_port, to_string(where.on.family));
    if (where.how.by != refresh::none)
        text += fmt::format(" refreshed by {} from {}", to_string(where.how.by),
                            to_string(where.how.from));
    return text;
}

}  // namespace deadair
