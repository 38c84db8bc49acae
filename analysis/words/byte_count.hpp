#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadair {

/// Reads a size as people write it: "500kB", "10MB", "64KiB", "1000000"; kB and KB are 1000 bytes.
/// @return nullopt for anything else, for less than 1 byte and for more than 1000 GB.
std::optional<std::uint64_t> parse_byte_count(std::string_view text);

/// Writes a size for people: "500 kB", "10 MB".
std::string format_byte_count(double bytes);

}  // namespace deadair
