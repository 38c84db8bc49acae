#include "analysis/estimate/reading.hpp"

#include <gtest/gtest.h>

#include "analysis/estimate/accounts.hpp"

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

// Connections opened one in a tenth of a second from then on, asked once after that silence.
void add(std::vector<observation>& to, int count, nanoseconds from, nanoseconds silence,
         outcome result = outcome::delivered)
{
    for (int i = 0; i < count; ++i) {
        const auto sent = from + i * 100ms + silence;
        observation one;
        one.connection_id = static_cast<std::uint32_t>(to.size() + 1);
        one.idle_age = silence;
        one.result = result;
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

// A busy machine opened those that refreshed ones are held against when all others had been asked.
TEST(a_run, of_which_one_timeout_explains_everything_did_not_die_of_its_number)
{
    std::vector<observation> seen;
    add(seen, 50, 0s, 9s);
    add(seen, 50, 5s, 11s, outcome::lost);
    add(seen, 16, 25s, 9s);
    ASSERT_TRUE(began_anew(seen));
    EXPECT_FALSE(choose(seen, seen, 0.01).anew);
    add(seen, 16, 45s, 14s);
    EXPECT_TRUE(choose(seen, seen, 0.01).anew);
}

}  // namespace
}  // namespace deadair::estimate
