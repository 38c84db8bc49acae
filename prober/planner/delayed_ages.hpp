#pragma once

#include <optional>
#include <span>
#include <vector>

#include "prober/planner/plan.hpp"

namespace deadair::planner {

/// Which idle age to ask for next, where it has to be said before the silence begins: many silences
/// last at a time, each as long as tells most beside the others.
class delayed_ages {
public:
    struct limits {
        nanoseconds least{};
        nanoseconds most{};
        nanoseconds width{};      ///< how exact the answer has to be
        double width_relative{};  ///< the same as a share of it; the larger counts
        nanoseconds step{};       ///< ages are multiples of it
    };

    explicit delayed_ages(const limits& wanted);

    /// @param asked  the ages that are under way
    /// @return nullopt: no more is to be asked, at least until one of these is known
    std::optional<nanoseconds> next(std::span<const nanoseconds> asked) const;
    /// At that age one was delivered, or was not.
    void learn(nanoseconds age, bool alive);
    /// Nobody is silent for longer.
    void limit(nanoseconds age) { most_ = std::min(most_, age); }

    /// The longest that was delivered; 0: none.
    nanoseconds survived() const;
    /// The shortest above it that was not.
    std::optional<nanoseconds> expired() const;
    std::uint32_t alive() const;
    std::uint32_t dead() const { return static_cast<std::uint32_t>(seen_.size()) - alive(); }

private:
    struct one {
        nanoseconds age{};
        bool alive{};
    };

    nanoseconds width_at(nanoseconds age) const;
    std::size_t told_between(nanoseconds low, nanoseconds high, bool alive,
                             std::span<const nanoseconds> asked) const;
    std::optional<nanoseconds> confirm(nanoseconds low, nanoseconds high,
                                       std::span<const nanoseconds> asked) const;
    std::optional<nanoseconds> climb(nanoseconds low, nanoseconds top,
                                     std::span<const nanoseconds> asked) const;
    std::optional<nanoseconds> split(nanoseconds low, nanoseconds high,
                                     std::span<const nanoseconds> asked) const;
    nanoseconds in_steps(nanoseconds age) const;

    limits wanted_;
    nanoseconds most_;
    std::vector<one> seen_;
};

}  // namespace deadair::planner
