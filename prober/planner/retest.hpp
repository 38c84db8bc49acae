#pragma once

#include <optional>

#include "prober/planner/search.hpp"

namespace deadair::planner {

/// After how much silence is a connection forgotten where there are few of them? The same search
/// once more, as soon as another one died of its own number.
class retest final : public part {
public:
    /// @param wanted  with few connections; @pre !refuse(wanted)
    explicit retest(plan wanted) : wanted_{std::move(wanted)} {}

    std::vector<action> act(time now, const known_so_far& of_all) override;
    std::optional<time> wake_at() const override;
    void on(const event& seen) override;
    bool needs_time() const override;
    std::optional<time> expected_end() const override;
    void tell(known_so_far& all) const override;
    void show(overview& whole) const override;

private:
    plan wanted_;
    std::optional<search> asked_;  // nullopt while there is no need
};

}  // namespace deadair::planner
