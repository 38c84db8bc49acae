#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "prober/observation/events.hpp"
#include "prober/session/run_clock.hpp"

namespace deadair::prober {

/// What was seen and nobody has looked at yet, and the one timer of a stay: it goes off when
/// something comes, or when it is time.
class inbox {
public:
    struct letter {
        nanoseconds at{};
        observation::event what;
    };

    /// @param turn  called from the loop, never from within `put`
    inbox(boost::asio::io_context& io, const run_clock& clock, std::function<void()> turn)
        : clock_{clock}, timer_{io}, turn_{std::move(turn)}
    {
    }

    /// @return its place, until the next turn
    std::size_t put(observation::event what)
    {
        letters_.push_back({clock_.now(), std::move(what)});
        wake();
        return letters_.size() - 1;
    }
    /// It happened then, as turned out behind it.
    void date(std::size_t place, nanoseconds at) { letters_.at(place).at = at; }
    std::vector<letter> take() { return std::exchange(letters_, {}); }

    /// A turn is due now.
    void wake()
    {
        if (!std::exchange(awake_, true))
            arm(clock_.now());
    }
    /// A turn is due then, if none was due before.
    void sleep_until(nanoseconds at)
    {
        if (!awake_)
            arm(at);
    }
    void stop() { timer_.cancel(); }

private:
    void arm(nanoseconds at)
    {
        timer_.expires_at(clock_.at(at));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error)
                return;
            awake_ = false;
            turn_();
        });
    }

    const run_clock& clock_;
    boost::asio::steady_timer timer_;
    std::function<void()> turn_;
    std::vector<letter> letters_;
    bool awake_{};
};

}  // namespace deadair::prober
