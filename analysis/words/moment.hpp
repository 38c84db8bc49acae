#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/words/duration.hpp"

namespace deadair {

/// Since 1970, of a time as the tables have it ("2026-01-31T12:00:00.000Z"); nullopt for other
/// text.
std::optional<nanoseconds> since_epoch(std::string_view moment);

/// "2026-01-31 12:00:00.123 UTC", to the millisecond, as others' logs can be searched for it.
std::string utc_text(nanoseconds since_1970);

}  // namespace deadair
