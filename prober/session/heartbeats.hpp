#pragma once

#include <cstdint>
#include <optional>

#include "analysis/words/duration.hpp"

namespace deadair::prober {

/// What the control connection's heartbeats tell of the path, each way by itself. Two beats are
/// compared, so the offset between the two clocks cancels out. Pure.
class heartbeats {
public:
    struct way {
        nanoseconds jitter{};  ///< as RFC 3550, section 6.4.1, defines it
        /// Beats that came so much later than the one before that TCP must have sent them again.
        std::uint32_t late{};
    };

    void sent() { ++sent_; }
    /// A beat left at `left`, was answered at `far` by the server's clock, came at `received`.
    void answered(nanoseconds left, nanoseconds far, nanoseconds received);
    /// A new connection began: its first beat has none to be compared with.
    void restart() { last_.reset(); }

    std::uint32_t sent_count() const { return sent_; }
    std::uint32_t answered_count() const { return answered_; }
    const way& to_server() const { return to_server_; }
    const way& to_client() const { return to_client_; }

private:
    struct beat {
        nanoseconds left{};
        nanoseconds far{};
        nanoseconds received{};
    };

    std::optional<beat> last_;
    std::uint32_t sent_{};
    std::uint32_t answered_{};
    way to_server_;
    way to_client_;
};

}  // namespace deadair::prober
