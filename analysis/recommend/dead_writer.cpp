#include "analysis/recommend/dead_writer.hpp"

#include <algorithm>

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds rto_min = 200ms;  // TCP_RTO_MIN
constexpr nanoseconds rto_max = 120s;   // TCP_RTO_MAX
constexpr unsigned retries_most = 255;  // the sysctl takes no more

// What so many retransmissions would take if the first came after `rto_min`.
nanoseconds patience(unsigned retries)
{
    nanoseconds total{};
    nanoseconds step = rto_min;
    for (unsigned each = 0; each <= retries; ++each) {
        total += step;
        step = std::min(2 * step, rto_max);
    }
    return total;
}

}  // namespace

nanoseconds kernel_gives_up_after(nanoseconds rto, unsigned retries,
                                  std::optional<nanoseconds> user_timeout)
{
    const nanoseconds first = std::min(rto, rto_max);
    if (user_timeout)
        return first + *user_timeout;
    const auto enough = patience(std::min(retries, retries_most));
    auto now = first;
    auto step = first;
    while (now - first < enough) {
        step = std::min(2 * step, rto_max);
        now += step;
    }
    return now;
}

}  // namespace deadair::recommend
