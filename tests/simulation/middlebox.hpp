#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Simulated middleboxes. Each is one small object in a file of its own below `box`; a new one is
/// one new file. Those that have several traits are made of others (`chain`, `balancer`).
namespace deadair::simulation {

using time = nanoseconds;
using random_source = std::mt19937_64;

/// The connection's number; 0: the control connection.
using flow_id = std::uint32_t;
inline constexpr flow_id control_flow = 0;

/// Of the middlebox: the prober is inside, the server outside.
enum class side : std::uint8_t { inside, outside };
constexpr side other(side of)
{
    return of == side::inside ? side::outside : side::inside;
}

struct packet {
    enum class kind : std::uint8_t {
        open,       ///< SYN
        data,       ///< bytes, for the first time or again
        ack,        ///< without bytes
        keepalive,  ///< of TCP: asks for an acknowledgement
        end,        ///< FIN or RST
    };
    flow_id flow{};
    side from{};
    kind is{};
    std::uint16_t port{};  ///< the client's
    std::uint32_t bytes{};
};

/// What becomes of a packet.
struct fate {
    enum class kind : std::uint8_t {
        passes,
        dropped,
        reset,  ///< dropped, and whoever sent it gets a reset
    };
    kind is{kind::passes};
    nanoseconds late_by{};  ///< it passes, but only so much later
};

/// An end that nobody asked for: both ends of the connection see it.
struct cut {
    flow_id flow{};
    outcome how{outcome::reset};  ///< `reset` or `closed`
};

/// The truth that a run has to find. Its clock goes on while the prober's host sleeps.
class middlebox {
public:
    virtual ~middlebox() = default;

    /// A packet comes. Times never go back.
    virtual fate meet(const packet& seen, time now, random_source& random) = 0;
    /// When it next may end a connection by itself; nullopt: never, as things stand.
    virtual std::optional<time> wake_at() const { return std::nullopt; }
    /// What it ends at or before `now`.
    virtual std::vector<cut> act(time /*now*/) { return {}; }
    /// The control connection goes through it, too: opened and kept busy as `control_flow`. Slow
    /// for long timeouts: only for boxes that busy connections do not outlive.
    virtual bool minds_busy_connections() const { return false; }
};

using box_ptr = std::unique_ptr<middlebox>;

/// What it does when a packet of a forgotten connection comes, or before that.
enum class at_expiry : std::uint8_t {
    drops,
    resets,
    closes,  ///< by itself, the moment it forgets
};

/// Evenly from 0 to `most`.
inline nanoseconds drawn(nanoseconds most, random_source& random)
{
    return from_seconds(to_seconds(most) * std::uniform_real_distribution<double>{0, 1}(random));
}

}  // namespace deadair::simulation
