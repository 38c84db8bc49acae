#pragma once

#include <optional>
#include <string>

#include "analysis/words/socket_facts.hpp"
#include "prober/observation/flight.hpp"

namespace deadair::observation {

/// What trails in so long after an exchange still belongs to it: twice Linux's longest usual delay
/// of an acknowledgement, and its shortest retransmission timeout.
inline constexpr nanoseconds settle_after{std::chrono::milliseconds{200}};

/// Since when the wire of one connection has been silent, as this end's kernel tells it, and
/// whether it really was.
class silence {
public:
    /// The last packet of an exchange passed at `at`, give or take `error`; silence begins.
    /// @param now  what the kernel says; nullopt: the socket is gone
    void rest(time at, nanoseconds error, const std::optional<socket_facts>& now);
    /// To be called `settle_after` later: what trailed in until now (a retransmission, a delayed
    /// acknowledgement) still belongs to the exchange, at a moment we do not know exactly.
    void settle(time at, const std::optional<socket_facts>& now);

    /// Traffic is meant to pass meanwhile: silence is then the time since the last exchange, and
    /// is not disturbed by it.
    void refreshed(means how) { how_ = how; }
    /// The same, by settings of the host that observation does not know.
    void kept() { kept_ = true; }
    /// For a while nothing passed, and so nothing of what was to keep the connection alive. That
    /// lasts until an exchange leaves nothing unacknowledged.
    void interrupt() { interrupted_ = !is_silent(); }

    time since() const { return since_; }
    nanoseconds error() const { return error_; }
    means how() const { return how_; }
    bool is_kept() const { return kept_; }
    bool interrupted() const { return interrupted_; }
    /// Nothing is meant to pass.
    bool is_silent() const { return how_.by == refresh::none && !kept_; }

    /// Why the silence until now cannot be vouched for; empty if it can.
    std::string disturbance(const std::optional<socket_facts>& now) const;

private:
    time since_{};
    nanoseconds error_{};
    socket_facts at_rest_;
    means how_;
    bool kept_{};
    bool interrupted_{};
};

/// The same as the far end's kernel tells it, just before it broke the silence.
/// @param idle_age  ours, give or take `error`
std::string disturbance_at_far_end(const socket_facts& before, nanoseconds idle_age,
                                   nanoseconds error);

/// Why this end cannot have been silent for so long, as its kernel tells it; empty if it can.
std::string disturbance_by_sender(const socket_facts& now, nanoseconds idle_age, nanoseconds error);

}  // namespace deadair::observation
