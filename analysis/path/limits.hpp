#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// What a path does not let through, besides what silence ends. Pure.
namespace deadair::path_limits {

/// An attempt to open a connection.
struct attempt {
    path on;
    nanoseconds began{};
    bool opened{};
    nanoseconds over{};  ///< of an opened one: when it was known to be gone; else when it failed
    std::string why{};   ///< it failed, for people
};

/// Something sent at once over a connection that nothing had forgotten.
struct transfer {
    path on;
    bool upload{};
    bool completed{};
    std::uint64_t moved_bytes{};
};

enum class kind : std::uint8_t {
    connections,  ///< so many at a time
    openings,     ///< failed after so many, but not for their number
    unreachable,  ///< all of a part
    packets,      ///< large ones of the client's; the value passed
};
std::string_view to_string(kind value);
std::optional<kind> parse_kind(std::string_view text);

struct limit {
    kind what{};
    std::optional<double> value;
    std::string note;  ///< for people, a sentence without its full stop
};

/// @param attempts  in any order
std::vector<limit> limits_of(std::span<const attempt> attempts,
                             std::span<const transfer> transfers);

}  // namespace deadair::path_limits
