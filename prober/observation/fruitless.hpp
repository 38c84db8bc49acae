#pragma once

#include <cstdint>
#include <map>

#include "prober/observation/flight.hpp"

namespace deadair::observation {

/// Verdicts in a row that tell nothing, although both the connection and the control connection
/// stood: whoever goes on like that has no end. An outage and its void probes are none of them.
class fruitless {
public:
    static constexpr std::uint32_t verdicts_max = 50;
    /// Of one direction, while the other tells something: that one may come to its answer first.
    static constexpr std::uint32_t verdicts_max_one_way = 150;
    /// They come at once where many connections share a fault that passes.
    static constexpr nanoseconds lasts_min = std::chrono::seconds{20};

    explicit fruitless(std::uint32_t at_most = verdicts_max) : at_most_{at_most} {}

    void told() { count_ = 0; }
    /// @return whether that was one too many
    bool told_nothing(time at)
    {
        if (count_++ == 0)
            since_ = at;
        return count_ >= at_most_ && at - since_ >= lasts_min;
    }

    static std::map<direction, fruitless> of_each_way()
    {
        return {{direction::to_client, fruitless{verdicts_max_one_way}},
                {direction::to_server, fruitless{verdicts_max_one_way}}};
    }
    std::uint32_t count() const { return count_; }

private:
    std::uint32_t at_most_;
    std::uint32_t count_{};
    time since_{};
};

}  // namespace deadair::observation
