#include "analysis/estimate/refreshed.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

// Found by connections that ended by themselves, so to the millisecond.
finding silent()
{
    finding found;
    found.kind = finding_kind::timeout;
    found.idle_timeout = 4999ms;
    found.low = 4994ms;
    found.high = 5004ms;
    found.confidence = 0.999;
    return found;
}

observation closed_by_itself(nanoseconds at)
{
    observation seen;
    seen.where.how = {refresh::tcp_keepalive, refresh_side::client};
    seen.idle_age = at;
    seen.idle_age_error = 1ms;
    seen.result = outcome::closed;
    seen.unprompted = true;
    return seen;
}

finding of(const std::vector<observation>& seen)
{
    const std::vector<finding> all{silent()};
    return of_refreshed(seen.front().where, seen, all);
}

// A proxy heeds no keepalive, and closes what is refreshed at the very age at which it closes the
// rest.
TEST(a_refreshed_connection, that_ends_by_itself_where_silent_ones_end_was_not_kept)
{
    const auto found = of({closed_by_itself(4998ms), closed_by_itself(5001ms)});
    EXPECT_EQ(effect_of(found), refresh_effect::does_not_count) << found.note;
    EXPECT_EQ(found.after_expiry, expiry::closed);
}

TEST(a_refreshed_connection, that_ends_by_itself_at_another_age_tells_nothing_of_the_refresh)
{
    const auto found = of({closed_by_itself(3s), closed_by_itself(3100ms)});
    EXPECT_EQ(effect_of(found), refresh_effect::inconclusive) << found.note;
}

}  // namespace
}  // namespace deadair::estimate
