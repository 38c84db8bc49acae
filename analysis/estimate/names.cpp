#include "analysis/words/names.hpp"
#include "analysis/estimate/estimate.hpp"

namespace deadair::estimate {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"timeout", "spread",       "mixture",
                                                     "none",    "inconclusive", "absolute_age"};
constexpr std::array<std::string_view, 5> expiry_names{"silent", "reset", "closed", "late",
                                                       "mixed"};

constexpr std::array<std::string_view, 20> explanation_names{"unsettled",
                                                             "nothing_expired",
                                                             "sharp",
                                                             "tick",
                                                             "drawn_each_silence",
                                                             "drawn_each_connection",
                                                             "mixture",
                                                             "one_end",
                                                             "each_end",
                                                             "age",
                                                             "room",
                                                             "load",
                                                             "promotion",
                                                             "flush",
                                                             "policy_change",
                                                             "random",
                                                             "delayed",
                                                             "disturbed",
                                                             "server_closes",
                                                             "half_dead"};

}  // namespace

std::string_view to_string(explanation value)
{
    return name_of(value, explanation_names);
}

std::optional<explanation> parse_explanation(std::string_view text)
{
    return value_of<explanation>(text, explanation_names);
}

std::string_view to_string(finding_kind value)
{
    return name_of(value, kind_names);
}

std::string_view to_string(expiry value)
{
    return name_of(value, expiry_names);
}

std::optional<finding_kind> parse_finding_kind(std::string_view text)
{
    return value_of<finding_kind>(text, kind_names);
}

std::optional<expiry> parse_expiry(std::string_view text)
{
    return value_of<expiry>(text, expiry_names);
}

}  // namespace deadair::estimate
