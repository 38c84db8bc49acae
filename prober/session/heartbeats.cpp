#include "prober/session/heartbeats.hpp"

#include <cstdlib>

#include "prober/session/far_clock.hpp"

namespace deadair::prober {

namespace {

// A lost segment comes again after 200 ms at the earliest: TCP_RTO_MIN, which the tail loss probe
// of a single segment waits for as well (RFC 8985, section 7.2).
constexpr nanoseconds late_from = std::chrono::milliseconds{150};
// More are not under way at once: a control connection is given up long before.
constexpr std::size_t under_way_max = 64;

void add(heartbeats::way& to, nanoseconds later)
{
    constexpr int gain = 16;  // RFC 3550
    to.jitter += (std::chrono::abs(later) - to.jitter) / gain;
    if (later >= late_from)
        ++to.late;
}

}  // namespace

std::uint32_t heartbeats::sent(nanoseconds left)
{
    under_way_.push_back({++sent_, left});
    if (under_way_.size() > under_way_max)
        under_way_.pop_front();
    return sent_;
}

void heartbeats::restart()
{
    under_way_.clear();
    last_.reset();
}

std::optional<nanoseconds> heartbeats::answered(std::uint32_t number, nanoseconds far,
                                                nanoseconds received)
{
    if (under_way_.empty() || under_way_.front().number != number || !far_clock::sensible(far))
        return std::nullopt;
    const auto left = under_way_.front().left;
    under_way_.pop_front();
    ++answered_;
    if (last_) {
        add(to_server_, (far - last_->far) - (left - last_->left));
        add(to_client_, (received - last_->received) - (far - last_->far));
    }
    last_ = beat{left, far, received};
    return left;
}

}  // namespace deadair::prober
