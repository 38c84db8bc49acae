#include "prober/planner/retest.hpp"

namespace deadair::planner {

std::vector<action> retest::act(time now, const known_so_far& of_all)
{
    if (!asked_ && of_all.crowded)
        asked_.emplace(wanted_, now);
    return asked_ ? asked_->act(now, of_all) : std::vector<action>{};
}

std::optional<time> retest::wake_at() const
{
    return asked_ ? asked_->wake_at() : std::nullopt;
}

void retest::on(const event& seen)
{
    if (asked_)
        asked_->on(seen);
}

bool retest::needs_time() const
{
    return asked_ && asked_->needs_time();
}

std::optional<time> retest::expected_end() const
{
    return asked_ ? asked_->expected_end() : std::nullopt;
}

void retest::tell(known_so_far& all) const
{
    if (asked_)
        asked_->tell(all);
}

void retest::show(overview& whole) const
{
    if (asked_)
        asked_->show(whole);
}

}  // namespace deadair::planner
