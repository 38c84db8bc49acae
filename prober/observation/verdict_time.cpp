#include "prober/observation/verdict_time.hpp"

#include <algorithm>
#include <span>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// Linux retransmits after 1, 3 and 7 RTO, and the RTO is at least 200 ms (RFC 6298 with Linux's
// TCP_RTO_MIN).
constexpr int several_retransmissions = 8;
// That, but no longer,
constexpr nanoseconds usual_max = 15s;
// unless the first retransmission and its answer take longer; the peer can delay what makes the
// RTO, so it has a bound of its own.
constexpr int one_retransmission = 2;
constexpr nanoseconds most = 60s;

}  // namespace

void verdict_time::sample(nanoseconds rto)
{
    if (rto > 0ns)
        samples_.at(count_++ % window) = rto;
}

nanoseconds verdict_time::path_rto() const
{
    const auto known = std::span{samples_}.first(std::min(count_, window));
    return known.empty() ? 0ns : *std::ranges::min_element(known);
}

nanoseconds verdict_time::after(nanoseconds own_rto) const
{
    const auto path = path_rto();
    const auto usual = std::min(several_retransmissions * path, usual_max);
    const auto slow = std::min(one_retransmission * std::max(path, own_rto), most);
    return std::max({least_, usual, slow});
}

}  // namespace deadair::observation
