#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

namespace deadair::capture {

/// A silence that something ended, and what that proved of the path. Moments are of the clock of
/// whoever saw it: a capture's runs since 1970, that of this host's connections since it was begun.
struct silence {
    nanoseconds broken_at{};  ///< when the packet that ended it was seen
    nanoseconds age{};        ///< since the packet before it, of either end
    nanoseconds age_error{};  ///< another place on the path saw it so much longer or shorter
    direction way{};          ///< who ended it
    outcome result{};
    std::string doubt{};                      ///< why it proves nothing; empty unless `voided`
    bool unprompted{};                        ///< the packet itself ended the connection
    bool keepalive{};                         ///< it was a TCP keepalive
    std::uint32_t unanswered{};               ///< packets that got no answer, the first included
    std::uint32_t retransmissions{};          ///< of that packet
    std::optional<nanoseconds> round_trip{};  ///< as seen at the place of the capture
    nanoseconds settled_at{};
    std::string sent_by{};     ///< of a reset: whose hop count it has, where that tells
    std::uint32_t sequence{};  ///< of the packet that ended it; 0 where packets are not seen
    std::uint32_t payload{};   ///< its bytes; the same
    std::string elsewhere{};   ///< what a capture at another place shows of it; often empty
};

}  // namespace deadair::capture
