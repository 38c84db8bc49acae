#pragma once

#include <cstdint>
#include <deque>
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

    /// A beat leaves. @return its number
    std::uint32_t sent(nanoseconds left);
    /// It was answered at `far` by the server's clock, and the answer came at `received`. Each is
    /// answered once, in order.
    /// @return when it had left; nullopt: there is no such beat, or the clock makes no sense
    std::optional<nanoseconds> answered(std::uint32_t number, nanoseconds far,
                                        nanoseconds received);
    /// A new connection began: no beat is under way on it, and its first has none to be compared
    /// with.
    void restart();

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

    struct departure {
        std::uint32_t number{};
        nanoseconds left{};
    };

    std::deque<departure> under_way_;  // the latest few
    std::optional<beat> last_;
    std::uint32_t sent_{};
    std::uint32_t answered_{};
    way to_server_;
    way to_client_;
};

}  // namespace deadair::prober
