#include "analysis/path/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace deadair::path_quality {
namespace {

using namespace std::chrono_literals;

figures with_loss(double lost, double sent)
{
    figures one;
    one.retransmitted = share{lost, sent};
    return one;
}

figures with_round_trips(nanoseconds least, nanoseconds step)
{
    figures one;
    for (int i = 0; i < 21; ++i)
        one.round_trips.push_back(least + i * step);
    return one;
}

change only(const figures& before, const figures& after)
{
    const auto all = compare(before, after);
    EXPECT_EQ(all.size(), 1U);
    return all.at(0).what;
}

TEST(path_comparison, sees_five_percent_beside_one)
{
    EXPECT_EQ(only(with_loss(40, 4000), with_loss(200, 4000)), change::differs);
    EXPECT_EQ(only(with_loss(200, 4000), with_loss(40, 4000)), change::differs);
}

TEST(path_comparison, takes_chance_for_chance)
{
    EXPECT_EQ(only(with_loss(40, 4000), with_loss(55, 4000)), change::same);
    EXPECT_EQ(only(with_loss(0, 4000), with_loss(3, 500)), change::same);
    EXPECT_EQ(only(with_loss(0, 4000), with_loss(0, 4000)), change::same);
}

TEST(path_comparison, seldom_calls_two_runs_on_the_same_path_different)
{
    std::mt19937 chance{7};
    std::binomial_distribution<int> losses{4000, 0.01};
    int wrong = 0;
    for (int i = 0; i < 2000; ++i)
        wrong += only(with_loss(losses(chance), 4000), with_loss(losses(chance), 4000)) ==
                         change::differs
                     ? 1
                     : 0;
    EXPECT_LE(wrong, 2);
}

TEST(path_comparison, does_not_judge_by_too_few_segments)
{
    EXPECT_EQ(only(with_loss(5, 50), with_loss(40, 4000)), change::uncertain);
}

TEST(path_comparison, tells_a_longer_way_from_a_noisy_one)
{
    EXPECT_EQ(only(with_round_trips(20ms, 100us), with_round_trips(40ms, 100us)), change::differs);
    EXPECT_EQ(only(with_round_trips(20ms, 2ms), with_round_trips(25ms, 2ms)), change::same);
    // Half a millisecond is a matter of what else the hosts do.
    EXPECT_EQ(only(with_round_trips(100us, 1us), with_round_trips(700us, 1us)), change::same);
}

TEST(path_comparison, shows_what_only_one_run_has)
{
    auto before = with_loss(40, 4000);
    const auto all = compare(before, figures{});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].figure, "retransmitted_share");
    EXPECT_DOUBLE_EQ(*all[0].before, 0.01);
    EXPECT_FALSE(all[0].after);
    EXPECT_EQ(all[0].what, change::uncertain);
    EXPECT_TRUE(compare(figures{}, figures{}).empty());
}

}  // namespace
}  // namespace deadair::path_quality
