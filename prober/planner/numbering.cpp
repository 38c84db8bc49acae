#include "prober/planner/numbering.hpp"

#include "analysis/words/assertion.hpp"

namespace deadair::planner {

std::uint32_t numbering::give(const owner& to)
{
    if (given_.size() <= to.part)
        given_.resize(to.part + 1);
    auto& given = given_[to.part];
    assert_that(to.own == given.size() + 1, "a part of the plan numbers without a gap");
    const auto number = first_ + static_cast<std::uint32_t>(owners_.size());
    owners_.push_back(to);
    given.push_back(number);
    return number;
}

std::uint32_t numbering::of(const owner& whose) const
{
    assert_that(
        whose.part < given_.size() && whose.own >= 1 && whose.own <= given_[whose.part].size(),
        "a part of the plan speaks of what it has begun");
    return given_[whose.part][whose.own - 1];
}

numbering::owner numbering::whose(std::uint32_t number) const
{
    assert_that(number >= first_ && number - first_ < owners_.size(),
                "the plan is told of what it has begun");
    return owners_[number - first_];
}

}  // namespace deadair::planner
