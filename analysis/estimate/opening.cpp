#include "analysis/estimate/opening.hpp"

#include <algorithm>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Three first packets that are lost take 7 s (RFC 6298, 2.1), and a server may take its time. What
// was heard of later for the first time had spoken before.
constexpr nanoseconds opening_max = 10s;

}  // namespace

std::map<std::uint32_t, nanoseconds> openings_of(std::span<const observation> all)
{
    std::map<std::uint32_t, const observation*> first;
    for (const auto& each : all) {
        if (!is_alive(each) && !is_dead(each))
            continue;
        auto& here = first.try_emplace(each.connection_id, &each).first->second;
        if (each.connection_age < here->connection_age)
            here = &each;
    }
    std::map<std::uint32_t, nanoseconds> openings;
    for (const auto& [connection, each] : first) {
        const auto took = each->connection_age - each->idle_age + each->idle_age_error;
        openings[connection] = took <= opening_max ? std::max(took, 0ns) : 0ns;
    }
    return openings;
}

}  // namespace deadair::estimate
