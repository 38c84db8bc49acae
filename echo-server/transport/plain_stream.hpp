#pragma once

#include <cstdint>
#include <string>

#include "echo-server/wire/bytes.hpp"
#include "echo-server/wire/messages.hpp"

namespace deadair::net {

/// What a step on a stream came to.
enum class progress : std::uint8_t {
    done,        ///< `transferred` bytes moved, or the handshake is complete
    want_read,   ///< try again when the socket is readable
    want_write,  ///< try again when the socket is writable
    ended,       ///< `cause` says how
};

struct step {
    progress what{progress::done};
    std::size_t transferred{};
    wire::end_cause cause{};
    std::string detail{};  ///< for people; empty unless `ended`
};

/// The step of a connection that is over.
step ended(wire::end_cause cause, std::string detail);
/// @param error  errno of a socket call
step ended_by_errno(int error);

/// Bytes over a non-blocking socket, which it does not own. Never blocks.
struct plain_stream {
    int socket{};
    std::uint64_t received{};  ///< bytes since the beginning
    std::uint64_t sent{};

    step read_some(std::span<std::byte> into);
    step write_some(wire::bytes from);
};

}  // namespace deadair::net
