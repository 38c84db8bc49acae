#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/words/words.hpp"

namespace deadair::recommend {

/// How a middlebox ends a connection whose idle timeout has passed.
enum class ending : std::uint8_t { unknown, silent, reset_next, reset_both, fin, http_close };

/// A product's line of data/middleboxes.txt; the file says what each field means.
struct middlebox {
    std::string_view id;
    std::string_view vendor;
    std::string_view product;
    bool http_only{};
    std::array<std::optional<std::chrono::seconds>, 2> default_timeout;  ///< by direction
    std::chrono::seconds shortest{};  ///< settable; equal to longest when fixed
    std::chrono::seconds longest{};
    bool settable{};
    std::chrono::seconds step{1};
    std::chrono::seconds jitter{};
    std::array<ending, 2> at_expiry{};  ///< by direction
    ending if_set{ending::unknown};     ///< unknown: no other ending can be set
    std::optional<bool> keepalive;
    bool low_confidence{};
    std::string_view version;  ///< of the product that the source is about; may be empty
    /// When the source was published or, where it tells of the newest release, written down.
    std::optional<std::chrono::year_month> as_of;
    std::string_view source;

    std::optional<std::chrono::seconds> timeout(direction way) const
    {
        return default_timeout.at(static_cast<std::size_t>(way));
    }
    ending end(direction way) const { return at_expiry.at(static_cast<std::size_t>(way)); }
};

/// The data that travel inside the program. Throws std::logic_error when a line is malformed.
const std::vector<middlebox>& middleboxes();

/// For people: "silent", "reset on the next packet", ...
std::string_view spoken(ending value);

}  // namespace deadair::recommend
