#include "prober/session/heartbeats.hpp"

#include <cstdlib>

namespace deadair::prober {

namespace {

// A lost segment comes again after 200 ms at the earliest: TCP_RTO_MIN, which the tail loss probe
// of a single segment waits for as well (RFC 8985, section 7.2).
constexpr nanoseconds late_from = std::chrono::milliseconds{150};

void add(heartbeats::way& to, nanoseconds later)
{
    constexpr int gain = 16;  // RFC 3550
    to.jitter += (std::chrono::abs(later) - to.jitter) / gain;
    if (later >= late_from)
        ++to.late;
}

}  // namespace

void heartbeats::answered(nanoseconds left, nanoseconds far, nanoseconds received)
{
    ++answered_;
    if (last_) {
        add(to_server_, (far - last_->far) - (left - last_->left));
        add(to_client_, (received - last_->received) - (far - last_->far));
    }
    last_ = beat{left, far, received};
}

}  // namespace deadair::prober
