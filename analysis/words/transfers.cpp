#include "analysis/words/transfers.hpp"

#include "analysis/words/names.hpp"

namespace deadair {

namespace {

// Indexed by the enumerator's value.
constexpr std::array<std::string_view, 2> direction_names{"upload", "download"};
constexpr std::array<std::string_view, 4> spell_names{"fresh", "below", "at", "beyond"};
constexpr std::array<std::string_view, 3> guard_names{"none", "user_timeout", "socket_timeout"};
constexpr std::array<std::string_view, 6> outcome_names{"completed", "stalled", "timed_out",
                                                        "reset",     "closed",  "void"};

}  // namespace

std::string_view to_string(transfer_direction value)
{
    return name_of(value, direction_names);
}
std::string_view to_string(idle_spell value)
{
    return name_of(value, spell_names);
}
std::string_view to_string(write_guard value)
{
    return name_of(value, guard_names);
}
std::string_view to_string(transfer_outcome value)
{
    return name_of(value, outcome_names);
}

std::optional<transfer_direction> parse_transfer_direction(std::string_view text)
{
    return value_of<transfer_direction>(text, direction_names);
}
std::optional<idle_spell> parse_idle_spell(std::string_view text)
{
    return value_of<idle_spell>(text, spell_names);
}
std::optional<write_guard> parse_write_guard(std::string_view text)
{
    return value_of<write_guard>(text, guard_names);
}
std::optional<transfer_outcome> parse_transfer_outcome(std::string_view text)
{
    return value_of<transfer_outcome>(text, outcome_names);
}

}  // namespace deadair
