#include "echo-server/turns.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <ctime>

namespace deadair::echo_server {
namespace {

using namespace std::chrono_literals;

TEST(turn_figures, tell_the_longest_and_count_the_long_ones)
{
    turn_figures turns;
    turns.add(1ms);
    turns.add(5ms);
    turns.add(6ms);
    turns.add(2ms);
    EXPECT_EQ(turns.count, 4U);
    EXPECT_EQ(turns.long_ones, 1U);
    EXPECT_EQ(turns.longest, 6ms);
}

TEST(run_turns, measures_the_work_of_each_turn)
{
    boost::asio::io_context io;
    turn_figures turns;
    int looked_up = 0;
    for (int i = 0; i < 3; ++i)
        boost::asio::post(io, [] {
            const auto begin = std::clock();
            while (std::clock() - begin < CLOCKS_PER_SEC / 25) {
            }
        });
    run_turns(io, turns, [&] { ++looked_up; });
    EXPECT_EQ(turns.count, 3U);
    EXPECT_EQ(turns.long_ones, 3U);
    EXPECT_GE(turns.longest, 30ms);
    EXPECT_GE(looked_up, 1);
}

}  // namespace
}  // namespace deadair::echo_server
