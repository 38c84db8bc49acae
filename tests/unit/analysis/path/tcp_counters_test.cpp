#include "analysis/path/tcp_counters.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace deadair::path_quality {
namespace {

constexpr std::string_view snmp =
    "Ip: Forwarding DefaultTTL\n"
    "Ip: 1 64\n"
    "Tcp: RtoAlgorithm RtoMin EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs\n"
    "Tcp: 1 200 7 3 48000 52000 38 0\n";
constexpr std::string_view netstat =
    "TcpExt: SyncookiesSent TCPTimeouts TCPOFOQueue TCPDSACKRecvSegs\n"
    "TcpExt: 0 12 5 9\n";

double value_of(const std::vector<counter>& all, std::string_view name)
{
    const auto found = std::ranges::find(all, name, &counter::name);
    return found == all.end() ? -1 : found->value;
}

TEST(tcp_counters, are_found_by_name_wherever_they_stand)
{
    const auto all = parse_tcp_counters(snmp, netstat);
    EXPECT_EQ(value_of(all, "sent_segments"), 52000);
    EXPECT_EQ(value_of(all, "received_segments"), 48000);
    EXPECT_EQ(value_of(all, "retransmitted_segments"), 38);
    EXPECT_EQ(value_of(all, "reset_connections"), 7);
    EXPECT_EQ(value_of(all, "retransmission_timeouts"), 12);
    EXPECT_EQ(value_of(all, "needless_segments"), 9);
}

TEST(tcp_counters, what_a_kernel_does_not_count_is_left_out)
{
    const auto all = parse_tcp_counters(snmp, netstat);
    EXPECT_EQ(value_of(all, "sack_recoveries"), -1);
    EXPECT_EQ(all.size(), 7);
}

TEST(tcp_counters, broken_text_gives_what_is_whole)
{
    EXPECT_TRUE(parse_tcp_counters("", "").empty());
    EXPECT_TRUE(parse_tcp_counters("Tcp: OutSegs\n", "").empty());
    EXPECT_TRUE(parse_tcp_counters("Tcp: OutSegs\nTcp: many\n", "").empty());
    EXPECT_TRUE(parse_tcp_counters("Tcp: OutSegs\nUdp: 5\n", "").empty());
    EXPECT_EQ(parse_tcp_counters("Tcp: OutSegs InSegs\nTcp: 5", "").size(), 1);
}

}  // namespace
}  // namespace deadair::path_quality
