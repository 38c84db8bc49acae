#pragma once

#include <functional>
#include <utility>

#include "tests/simulation/middlebox.hpp"
#include "tests/simulation/timeline.hpp"
#include "tests/simulation/world.hpp"

namespace deadair::simulation {

/// Carries packets between the two ends. The middlebox stands half way; what is lost is lost as
/// often before it as behind it.
class carrier {
public:
    carrier(timeline& when, const network& net, middlebox& box, random_source& random)
        : when_{when}, net_{net}, box_{box}, random_{random}
    {
    }

    /// @param arrives  called when it does, at the other end
    /// @param refused  called at the sender when the middlebox answers with a reset
    template <class Arrives, class Refused>
    void carry(const packet& what, Arrives arrives, Refused refused)
    {
        const bool blocked = net_.blocked(when_.now());
        const bool lost = net_.loss > 0 && std::bernoulli_distribution{net_.loss}(random_);
        if (blocked || (lost && random_() % 2 == 0))
            return;
        const auto met = meet(what);
        if (met.is == fate::kind::reset)
            when_.after(one_way(), std::move(refused));
        else if (met.is == fate::kind::passes && !lost)
            when_.after(one_way() + met.late_by, std::move(arrives));
    }

    /// For what is not carried packet by packet: the middlebox sees it now.
    fate meet(const packet& what);
    nanoseconds one_way() const { return net_.round_trip / 2; }
    /// Who is told of the ends that the middlebox makes by itself, as both ends see them.
    void on_cut(std::function<void(const cut&)> tell) { tell_ = std::move(tell); }
    /// The prober's host sleeps: its clock stands still, the world's goes on.
    void sleep(nanoseconds how_long) { slept_ += how_long; }
    /// Since the prober's clock was last the world's.
    nanoseconds slept() const { return slept_; }

private:
    time box_now() const { return when_.now() + one_way() / 2 + slept_; }
    void watch();
    void look();

    timeline& when_;
    const network& net_;
    middlebox& box_;
    random_source& random_;
    std::function<void(const cut&)> tell_;
    std::optional<time> looks_at_;
    nanoseconds slept_{};
};

}  // namespace deadair::simulation
