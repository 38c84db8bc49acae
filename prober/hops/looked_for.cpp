#include "prober/hops/looked_for.hpp"

#include "analysis/report/results.hpp"

namespace deadair::prober::hops {

looked_for looked_for_in(std::span<const estimate::finding> found)
{
    // Known from both sides.
    const auto* const first = report::shortest(found);
    if (first == nullptr || !first->low || !first->high)
        return {{}, "no idle timeout was found, so there is no box to look for"};
    if (first->kind != estimate::finding_kind::timeout)
        return {{},
                "the idle timeout is not one and the same for all connections, so what becomes of "
                "a few tells nothing of a box"};
    return {known_timeout{*first->low, first->idle_timeout.value_or(*first->high), *first->high},
            {}};
}

}  // namespace deadair::prober::hops
