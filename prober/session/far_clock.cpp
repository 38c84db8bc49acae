#include "prober/session/far_clock.hpp"

#include <algorithm>
#include <span>

namespace deadair::prober {

void far_clock::sample(nanoseconds sent, nanoseconds far, nanoseconds received)
{
    const auto round_trip = received - sent;
    readings_.at(count_++ % window) = {.offset = sent + round_trip / 2 - far,
                                       .round_trip = round_trip};
}

nanoseconds far_clock::to_ours(nanoseconds far) const
{
    return sensible(far) ? far + best().offset : nanoseconds::min() / 2;
}

const far_clock::reading& far_clock::best() const
{
    const auto known = std::span{readings_}.first(std::min(count_, window));
    if (known.empty())
        return readings_.front();
    return *std::ranges::min_element(known, {}, &reading::round_trip);
}

}  // namespace deadair::prober
