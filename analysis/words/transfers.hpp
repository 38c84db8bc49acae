#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/words/duration.hpp"

/// The words of uploads and downloads.
namespace deadair {

/// Which way the bytes of a transfer go, as the client names it.
enum class transfer_direction : std::uint8_t { upload, download };

/// How long a connection was idle before its transfer, against the idle timeout T.
enum class idle_spell : std::uint8_t {
    fresh,   ///< not at all: the connection was made for the transfer
    below,   ///< safely below T
    at,      ///< T itself: a matter of chance
    beyond,  ///< just past T
};

/// What besides the kernel's defaults makes a writer give up.
enum class write_guard : std::uint8_t {
    none,
    user_timeout,    ///< TCP_USER_TIMEOUT (tcp(7))
    socket_timeout,  ///< the program waits only so long for the socket to take more
};

/// What became of a transfer.
enum class transfer_outcome : std::uint8_t {
    completed,  ///< the far end had all of it
    stalled,    ///< no progress for so long that the program gave up
    timed_out,  ///< the kernel gave up (ETIMEDOUT)
    reset,      ///< a TCP reset
    closed,     ///< an orderly close before the end
    voided,     ///< nobody can vouch for it; stored as `void`
};

/// What a run says of the idle timeout: the interval of the stratum that dies first.
struct known_timeout {
    nanoseconds low{};
    nanoseconds best{};
    nanoseconds high{};
};

std::string_view to_string(transfer_direction value);
std::string_view to_string(idle_spell value);
std::string_view to_string(write_guard value);
std::string_view to_string(transfer_outcome value);

/// Each reads what the matching `to_string` writes; anything else is `nullopt`.
std::optional<transfer_direction> parse_transfer_direction(std::string_view text);
std::optional<idle_spell> parse_idle_spell(std::string_view text);
std::optional<write_guard> parse_write_guard(std::string_view text);
std::optional<transfer_outcome> parse_transfer_outcome(std::string_view text);

}  // namespace deadair
