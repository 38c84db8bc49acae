#pragma once

#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Observations written down by hand.
namespace deadair::estimate {

using namespace std::chrono_literals;

inline constexpr stratum to_client{.on = {.kind = transport::wss}, .way = direction::to_client};
inline constexpr stratum to_server{.on = {.kind = transport::wss}, .way = direction::to_server};

/// Writes observations down, each on a connection of its own.
class notes {
public:
    notes& add(nanoseconds age, outcome result, const stratum& where = to_client)
    {
        observation one;
        one.where = where;
        one.connection_id = ++last_;
        one.idle_age = age;
        one.result = result;
        one.unanswered = result == outcome::lost ? 4 : 1;
        seen_.push_back(one);
        return *this;
    }
    std::vector<observation>& all() { return seen_; }
    std::vector<finding> findings() const { return estimate(seen_, {}); }

private:
    std::vector<observation> seen_;
    std::uint32_t last_{};
};

inline notes a_sharp_timeout_of_20_s()
{
    notes seen;
    for (const auto age : {5s, 10s, 15s, 19s})
        seen.add(age, outcome::delivered);
    seen.add(19'900ms, outcome::delivered);
    for (const auto age : {20'050ms, 20'100ms, 21'000ms, 25'000ms})
        seen.add(age, outcome::lost);
    return seen;
}

}  // namespace deadair::estimate
