#include "analysis/estimate/reading.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

// Connections opened one in a tenth of a second from then on, asked once after that silence.
void add(std::vector<observation>& to, int count, nanoseconds from, nanoseconds silence)
{
    for (int i = 0; i < count; ++i) {
        const auto sent = from + i * 100ms + silence;
        observation one;
        one.connection_id = static_cast<std::uint32_t>(to.size() + 1);
        one.idle_age = silence;
        one.result = outcome::delivered;
        one.settled_at = sent + 1s;
        one.sent_at = sent;
        one.connection_age = silence;
        to.push_back(one);
    }
}

TEST(a_run, began_anew_where_few_were_opened_once_all_others_had_been_asked)
{
    std::vector<observation> seen;
    add(seen, 100, 0s, 10s);
    EXPECT_FALSE(began_anew(seen));
    add(seen, 16, 25s, 20s);
    EXPECT_EQ(began_anew(seen), 25s);
}

TEST(a_run, did_not_begin_anew_where_as_many_were_opened_or_others_were_left)
{
    std::vector<observation> as_many;
    add(as_many, 100, 0s, 10s);
    add(as_many, 60, 25s, 20s);
    EXPECT_FALSE(began_anew(as_many));
    std::vector<observation> beside_others;
    add(beside_others, 100, 0s, 20s);
    add(beside_others, 16, 25s, 20s);
    EXPECT_FALSE(began_anew(beside_others));
}

}  // namespace
}  // namespace deadair::estimate
