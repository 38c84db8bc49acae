#pragma once

#include <optional>

#include "tests/simulation/boxes.hpp"
#include "tests/simulation/world.hpp"

namespace deadair::simulation {

/// What a day has in store for a watch: drawn from a seed, the same again for the same seed.
class weather {
public:
    explicit weather(std::uint64_t seed) : random_{seed} { change(); }

    /// What goes wrong in a stretch of that length.
    struct stretch {
        network net;
        std::optional<nanoseconds> flushed_at;
        int faults{};
    };
    stretch of(nanoseconds length);
    /// The firewall of now, through that stretch.
    box_ptr firewall(const stretch& through) const;

    /// A new policy, about once a month. @return whether there is one
    bool next_day();
    nanoseconds idle_timeout() const { return idle_timeout_; }
    std::uint64_t seed() { return random_(); }

private:
    void change();
    bool happens(double chance) { return std::bernoulli_distribution{chance}(random_); }
    nanoseconds between(nanoseconds low, nanoseconds high);

    random_source random_;
    nanoseconds idle_timeout_{};
};

}  // namespace deadair::simulation
