#include "echo-server/strangers.hpp"

#include <gtest/gtest.h>

namespace deadair::echo_server {
namespace {

using boost::asio::ip::make_address;

const strangers::time start{};

TEST(strangers, count_each_address_for_itself)
{
    strangers some{10, 2};
    const auto here = make_address("192.0.2.1");
    some.add(1, here, start);
    EXPECT_FALSE(some.full(here));
    some.add(2, here, start);
    EXPECT_TRUE(some.full(here));
    EXPECT_FALSE(some.full(make_address("192.0.2.2")));
    some.remove(1);
    EXPECT_FALSE(some.full(here));
}

TEST(strangers, count_a_64_bit_prefix_as_one_address)
{
    strangers some{10, 2};
    some.add(1, make_address("2001:db8:0:1::1"), start);
    some.add(2, make_address("2001:db8:0:1:ffff::2"), start);
    EXPECT_TRUE(some.full(make_address("2001:db8:0:1:2:3:4:5")));
    EXPECT_FALSE(some.full(make_address("2001:db8:0:2::1")));
}

TEST(strangers, know_an_ipv4_address_by_either_of_its_names)
{
    strangers some{10, 1};
    some.add(1, make_address("::ffff:192.0.2.1"), start);
    EXPECT_TRUE(some.full(make_address("192.0.2.1")));
    EXPECT_FALSE(some.full(make_address("::ffff:192.0.2.2")));
}

TEST(strangers, name_the_one_that_has_had_the_most_time)
{
    using namespace std::chrono_literals;
    strangers some{2, 2};
    EXPECT_FALSE(some.oldest());
    some.add(7, make_address("192.0.2.1"), start + 10s);
    some.add(9, make_address("192.0.2.2"), start + 11s);
    EXPECT_TRUE(some.full());
    EXPECT_EQ(some.oldest()->number, 7U);
    some.remove(7);
    some.remove(7);  // once more: nothing happens
    EXPECT_FALSE(some.full());
    EXPECT_EQ(some.oldest()->number, 9U);
    EXPECT_EQ(some.oldest()->deadline, start + 11s);
}

}  // namespace
}  // namespace deadair::echo_server
