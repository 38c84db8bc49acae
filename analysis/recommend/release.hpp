#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadair::recommend {

/// A release of some software, as its number says it: 2.4.58.
struct release {
    std::vector<int> numbers;  ///< at least one

    /// 1.19 comes before 1.23, and that before 1.23.4.
    friend auto operator<=>(const release&, const release&) = default;

    /// Whether this is the other or a part of it: 1.24 covers 1.24.3.
    bool covers(const release& other) const;
};

/// nullopt unless it is one to four numbers with dots between them.
std::optional<release> parse_release(std::string_view text);

std::string to_string(const release& value);

}  // namespace deadair::recommend
