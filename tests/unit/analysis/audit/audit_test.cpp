#include "analysis/audit/audit.hpp"

#include <gtest/gtest.h>

namespace deadair::audit {
namespace {

using namespace std::chrono_literals;

connection to_the_web(int pid = 812)
{
    return {.local = {"192.0.2.2", 40000},
            .remote = {"198.51.100.7", 443},
            .silent = 10s,
            .owner = process{pid, "python3"},
            .keepalive = keepalive_options{}};
}

connection kept_every(nanoseconds idle)
{
    auto one = to_the_web();
    one.running = timer::keepalive;
    one.keepalive = keepalive_options{.on = true, .idle = idle, .interval = 5s, .count = 3};
    return one;
}

TEST(audit, a_connection_without_keepalive_is_at_risk)
{
    const auto seen = judge(to_the_web(), 20s);
    EXPECT_EQ(seen.how, verdict::no_keepalive);
    EXPECT_TRUE(at_risk(seen.how));
    EXPECT_FALSE(seen.keepalive);
}

TEST(audit, a_keepalive_before_the_timeout_keeps_it)
{
    const auto seen = judge(kept_every(15s), 20s);
    EXPECT_EQ(seen.how, verdict::kept);
    ASSERT_TRUE(seen.keepalive);
    EXPECT_EQ(seen.keepalive->at, 15s);
    EXPECT_TRUE(seen.keepalive->exact);
}

TEST(audit, a_keepalive_at_the_timeout_or_after_it_is_too_late)
{
    EXPECT_EQ(judge(kept_every(20s), 20s).how, verdict::too_late);
    EXPECT_EQ(judge(kept_every(2h), 20s).how, verdict::too_late);
}

// As Linux does it, and as the lab shows: answered or not, the next comes an interval later.
TEST(audit, the_interval_counts_where_it_is_longer_than_the_first_silence)
{
    auto one = kept_every(2s);
    one.keepalive->interval = 75s;
    const auto seen = judge(one, 20s);
    EXPECT_EQ(seen.how, verdict::too_late);
    EXPECT_EQ(seen.keepalive->at, 75s);
    EXPECT_EQ(judge(one, 90s).how, verdict::kept);
    const auto all = grouped(std::vector{seen}, 20s);
    EXPECT_NE(all.at(0).sentence.find("only after 75 s (the first comes sooner; TCP_KEEPINTVL"),
              std::string::npos)
        << all.at(0).sentence;
}

TEST(audit, the_timer_alone_is_a_lower_bound)
{
    auto foreign = to_the_web();
    foreign.keepalive.reset();
    foreign.running = timer::keepalive;
    foreign.since_received = 4s;
    foreign.expires = 10s;
    // It may fire at 14 s of silence, find that data came meanwhile, and be set again to 2 h.
    EXPECT_EQ(judge(foreign, 20s).how, verdict::unknown);
    EXPECT_EQ(judge(foreign, 14s).how, verdict::too_late);
    EXPECT_FALSE(judge(foreign, 20s).keepalive->exact);
}

TEST(audit, a_retransmission_hides_whether_there_is_a_keepalive)
{
    auto foreign = to_the_web();
    foreign.keepalive.reset();
    foreign.running = timer::retransmission;
    EXPECT_EQ(judge(foreign, 20s).how, verdict::unknown);
    foreign.running = timer::none;
    EXPECT_EQ(judge(foreign, 20s).how, verdict::no_keepalive);
}

TEST(audit, what_does_not_leave_the_host_is_no_concern)
{
    auto own = to_the_web();
    own.remote.address = "127.0.0.1";
    EXPECT_EQ(judge(own, 20s).how, verdict::local);
    own.remote.address = own.local.address;
    EXPECT_EQ(judge(own, 20s).how, verdict::local);
}

TEST(audit, nothing_is_at_risk_where_nothing_times_out)
{
    EXPECT_EQ(judge(to_the_web(), std::nullopt).how, verdict::kept);
}

TEST(audit, connections_of_one_process_to_one_endpoint_make_one_sentence)
{
    std::vector<judged> all;
    all.push_back(judge(kept_every(5s), 20s));
    for (int count = 0; count < 14; ++count)
        all.push_back(judge(to_the_web(), 20s));
    all.push_back(judge(to_the_web(99), 20s));
    const auto groups = grouped(all, 20s);
    ASSERT_EQ(groups.size(), 3);
    EXPECT_EQ(groups[0].sentence,
              "14 connections of python3 (pid 812) to 198.51.100.7:443 have no keepalive and would "
              "be dropped");
    EXPECT_EQ(groups[1].sentence,
              "1 connection of python3 (pid 99) to 198.51.100.7:443 has no keepalive and would be "
              "dropped");
    EXPECT_EQ(groups[2].sentence,
              "1 connection of python3 (pid 812) to 198.51.100.7:443 sends a keepalive after 5 s, "
              "in time");
}

TEST(audit, the_silent_for_too_long_are_counted)
{
    auto old = to_the_web();
    old.silent = 1h;
    old.owner.reset();
    const std::vector<judged> all{judge(old, 20s), judge(old, 20s)};
    EXPECT_EQ(grouped(all, 20s).front().sentence,
              "2 connections of an unknown process to 198.51.100.7:443 have no keepalive and would "
              "be dropped; 2 have been silent for longer already");
}

TEST(audit, endpoints_of_ipv6_wear_brackets)
{
    EXPECT_EQ(to_string(endpoint{"2001:db8::7", 443}), "[2001:db8::7]:443");
}

}  // namespace
}  // namespace deadair::audit
