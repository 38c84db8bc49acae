#pragma once

#include <optional>
#include <string>

#include "analysis/words/socket_facts.hpp"
#include "prober/observation/flight.hpp"

/// The far end is seen through a witness: it is asked to speak, and what it saw; its answers come
/// as events, on our clock. The companion is one, over the control connection. Others may be a
/// reply inside the protocol of a server of another make, this host's own kernel, a second server.
///
/// None is believed blindly: an answer that nobody asked for, or with a time at which it cannot
/// have happened, makes void what it speaks of, and is counted and said.
namespace deadair::observation {

/// The far end sent the probe that it was asked for.
struct spoke {
    probe_id probe{};
    connection_id connection{};
    time at{};            ///< on our clock
    nanoseconds error{};  ///< of `at`
    bool gone{};          ///< the connection had ended there before: nothing was sent
    std::optional<socket_facts> before;  ///< as the silence ended; nullopt: it cannot tell
};
/// Our probe arrived there.
struct received {
    probe_id probe{};
    connection_id connection{};
    time at{};            ///< on our clock
    nanoseconds error{};  ///< of `at`
};
/// The connection ended there by itself.
struct far_ended {
    connection_id connection{};
    outcome how{};           ///< `reset`, `closed`, `lost` (the kernel gave up) or `voided`
    std::string server_saw;  ///< the same, in the words of the table `connections`
};
/// The answer to `query`.
struct far_state {
    connection_id connection{};
    bool open{};
    socket_facts now;  ///< if it is open
};

/// The answer to `query` of a witness that sees no connection but its own: it only knows that the
/// path and the server worked just now.
struct path_works {
    connection_id connection{};
};

/// Who can tell what the far end of a connection sees. The answers follow as events.
class witness {
public:
    virtual ~witness() = default;
    /// The far end is to say something on this connection now: `spoke` follows.
    virtual void speak(probe_id probe, connection_id connection) = 0;
    /// `far_state` or `path_works` follows, after all that was seen before.
    virtual void query(connection_id connection) = 0;
    /// From now on the far end sends `by` on it, so often.
    virtual void refresh(connection_id connection, deadair::refresh by,
                         std::chrono::milliseconds every) = 0;
};

}  // namespace deadair::observation
