// What happens in which second, from the packets to the verdict.
#include <gtest/gtest.h>

#include "tests/simulation/boxes.hpp"
#include "tests/simulation/script.hpp"

namespace deadair::simulation {
namespace {

using namespace std::chrono_literals;
using moments = std::vector<std::string>;

constexpr std::uint64_t seed = 5;
const path on{.family = address_family::ipv4, .server_port = 7443, .kind = transport::tls};

script::line open(time at, std::uint32_t number)
{
    return {at, planner::open_connection{number, on}};
}

script::line probe(time at, std::uint32_t number, std::uint32_t connection,
                   direction way = direction::to_server)
{
    return {at, planner::send_probe{number, connection, way}};
}

parts only(std::vector<script::line> lines, time until)
{
    parts all;
    all.push_back(std::make_unique<script>(std::move(lines), until));
    return all;
}

// What came of it behind a firewall that forgets after 10 s.
moments after(std::vector<script::line> lines, const network& net = {}, time until = 60s)
{
    idle_timer box{{.idle_timeout = 10s}};
    return told(run(only(std::move(lines), until), box, net, seed));
}

class watched_box final : public middlebox {
public:
    fate meet(const packet& seen, time now, random_source&) override
    {
        if (seen.flow != control_flow)
            met.push_back(fmt::format("{:.3f} {} {}", to_seconds(now),
                                      seen.from == side::inside ? "out" : "in", word(seen)));
        return fate_of(seen, now);
    }

    moments met;
    any_box::rule fate_of{[](const packet&, time) { return fate{}; }};

private:
    static const char* word(const packet& seen)
    {
        constexpr std::array words{"open", "data", "ack", "keepalive", "end"};
        return words.at(static_cast<std::size_t>(seen.is));
    }
};

// Connected after one round trip of 50 ms for tickets and three for TCP, TLS and the join; the
// control connection took four before.
TEST(a_sequence, of_a_silence_that_is_survived)
{
    EXPECT_EQ(after({open(1s, 1), probe(10s, 1, 1)}),
              (moments{"0.200 begun", "1.200 opened 1", "10.050 delivered 1"}));
}

TEST(a_sequence, of_a_silence_that_is_not_told_once_the_server_has_answered)
{
    EXPECT_EQ(after({open(1s, 1), probe(12s, 1, 1)}),
              (moments{"0.200 begun", "1.200 opened 1", "14.050 lost 1"}));
}

// The server speaks half a round trip after it was asked to; its word is awaited for 2 s.
TEST(a_sequence, of_a_first_message_that_is_missed)
{
    EXPECT_EQ(after({open(1s, 1), probe(12s, 1, 1, direction::to_client)}).back().substr(7),
              "lost 1");
}

TEST(a_sequence, of_a_firewall_that_resets)
{
    idle_timer box{{.idle_timeout = 10s, .then = at_expiry::resets}};
    const auto took = run(only({open(1s, 1), probe(12s, 1, 1)}, 20s), box, {}, seed);
    EXPECT_EQ(told(took), (moments{"0.200 begun", "1.200 opened 1", "12.075 reset 1"}));
}

// Its last packet passed the middlebox a quarter of a round trip after it was opened.
TEST(a_sequence, of_a_proxy_that_closes_by_itself)
{
    idle_timer box{{.idle_timeout = 10s, .then = at_expiry::closes}};
    const auto took = run(only({open(1s, 1)}, 20s), box, {}, seed);
    EXPECT_EQ(told(took),
              (moments{"0.200 begun", "1.200 opened 1", "11.275 connection 1 ended: closed"}));
}

TEST(a_sequence, of_packets_that_are_sent_again_ever_more_rarely)
{
    watched_box box;
    box.fate_of = [](const packet& seen, time) {
        return fate{seen.is == packet::kind::data ? fate::kind::dropped : fate::kind::passes};
    };
    run(only({open(1s, 1), probe(10s, 1, 1)}, 20s), box, {}, seed);
    EXPECT_EQ(box.met, (moments{"1.062 out open", "1.212 out ack", "10.012 out data",
                                "10.262 out data", "10.762 out data", "11.762 out data",
                                "13.762 out data", "17.762 out data"}));
}

TEST(a_sequence, of_a_message_and_its_acknowledgement)
{
    watched_box box;
    run(only({open(1s, 1), probe(10s, 1, 1)}, 12s), box, {}, seed);
    EXPECT_EQ(box.met,
              (moments{"1.062 out open", "1.212 out ack", "10.012 out data", "10.037 in ack"}));
}

TEST(a_sequence, of_packets_of_which_the_fourth_arrives_in_time)
{
    watched_box box;
    box.fate_of = [](const packet& seen, time now) {
        const bool hole = seen.is == packet::kind::data && now < 11s;
        return fate{hole ? fate::kind::dropped : fate::kind::passes};
    };
    const auto took = run(only({open(1s, 1), probe(10s, 1, 1)}, 20s), box, {}, seed);
    EXPECT_EQ(told(took).back(), "11.800 delivered 1");
    EXPECT_EQ(took.seen.back().result, outcome::delivered);
}

TEST(a_sequence, of_a_message_that_arrives_after_its_verdict)
{
    watched_box box;
    box.fate_of = [](const packet& seen, time now) {
        const bool hole = seen.is == packet::kind::data && now < 12s;
        return fate{hole ? fate::kind::dropped : fate::kind::passes};
    };
    const auto took = run(only({open(1s, 1), probe(10s, 1, 1)}, 20s), box, {}, seed);
    EXPECT_EQ(told(took),
              (moments{"0.200 begun", "1.200 opened 1", "12.050 lost 1", "13.800 late 1"}));
    ASSERT_EQ(took.seen.size(), 1U);
    EXPECT_EQ(took.seen.back().result, outcome::late);
}

// Only the acknowledgement is lost: the message leaves again while the next silence has begun.
TEST(a_sequence, of_a_retransmission_that_breaks_the_next_silence)
{
    watched_box box;
    box.fate_of = [](const packet& seen, time now) {
        const bool hole = seen.is == packet::kind::ack && now > 5s && now < 5100ms;
        return fate{hole ? fate::kind::dropped : fate::kind::passes};
    };
    const auto took =
        told(run(only({open(1s, 1), probe(5s, 1, 1), probe(12s, 2, 1)}, 20s), box, {}, seed));
    ASSERT_EQ(took.size(), 4U);
    EXPECT_EQ(took[2], "5.050 delivered 1");
    EXPECT_NE(took[3].find("void 2: 1 segments came"), std::string::npos) << took[3];
}

TEST(a_sequence, of_an_outage_between_the_send_and_the_answer)
{
    network net;
    net.outages.push_back({9990ms, 13s});
    const auto took = after({open(1s, 1), probe(10s, 1, 1)}, net);
    ASSERT_EQ(took.size(), 5U);
    EXPECT_EQ(took[2], "11.500 outage_began");
    EXPECT_EQ(took[3],
              "11.500 void 1: the control connection failed while the probe was under way");
    EXPECT_EQ(took[4], "13.800 outage_ended");
}

// 3 was silent for a shorter time than 1 survived: it is asked, and vouches for 2.
TEST(a_sequence, of_an_outage_that_only_a_new_control_connection_ends)
{
    network net;
    net.outages.push_back({25s, 33s});
    idle_timer box{{.idle_timeout = 60s}};
    const auto took =
        run(only({open(1s, 1), open(1s, 2), probe(20s, 1, 1), open(21s, 3), probe(40s, 2, 2)}, 50s),
            box, net, seed);
    EXPECT_EQ(told(took),
              (moments{"0.200 begun", "1.200 opened 1", "1.200 opened 2", "20.050 delivered 1",
                       "21.200 opened 3", "26.500 outage_began", "33.250 bindings_survived",
                       "33.250 connection 3 void", "33.250 outage_ended", "40.050 delivered 2"}));
}

// It lost the control connection, too; 3 is asked, as above, and is not known any more.
TEST(a_sequence, of_a_flush)
{
    flush box{25s};
    const auto took =
        run(only({open(1s, 1), open(1s, 2), probe(20s, 1, 1), open(21s, 3)}, 50s), box, {}, seed);
    EXPECT_EQ(told(took),
              (moments{"0.200 begun", "1.200 opened 1", "1.200 opened 2", "20.050 delivered 1",
                       "21.200 opened 3", "26.500 outage_began", "34.279 bindings_lost",
                       "34.279 connection 3 void", "34.279 connection 1 void",
                       "34.279 connection 2 void", "34.279 outage_ended"}));
}

TEST(a_sequence, of_a_host_that_slept)
{
    network net;
    net.suspended_at = 10s;
    net.suspended_for = 30s;
    EXPECT_EQ(after({open(1s, 1), probe(9990ms, 1, 1)}, net),
              (moments{"0.200 begun", "1.200 opened 1", "10.000 suspended",
                       "10.000 void 1: the host slept or the program was stopped while the probe "
                       "was under way",
                       "10.000 connection 1 void", "10.050 outage_began",
                       "11.700 bindings_in_doubt", "11.700 outage_ended"}));
}

// Its own end of the connections is not taken for the firewall's.
TEST(a_sequence, of_a_server_that_restarts)
{
    network net;
    net.server_restart = 5s;
    EXPECT_EQ(after({open(1s, 1), open(10s, 2), probe(12s, 1, 2)}, net),
              (moments{"0.200 begun", "1.200 opened 1", "5.025 outage_began",
                       "5.025 connection 1 ended: void", "6.700 server_restarted",
                       "6.700 bindings_in_doubt", "6.700 outage_ended", "10.200 opened 2",
                       "12.050 delivered 1"}));
}

TEST(a_sequence, of_a_server_whose_word_never_comes)
{
    network net;
    net.server_mute = {{12s, 60s}};
    EXPECT_EQ(after({open(1s, 1), probe(12s, 1, 1)}, net).back(),
              "16.000 void 1: the server did not say whether the path works");
}

// A packet of it is lost, and sent again after a quarter of a second: nothing is noticed.
TEST(a_sequence, of_a_word_that_comes_late)
{
    network net;
    net.outages.push_back({14010ms, 14100ms});
    EXPECT_EQ(after({open(1s, 1), probe(12s, 1, 1)}, net).back(), "14.300 lost 1");
}

TEST(a_sequence, of_a_connection_that_is_kept_alive)
{
    const means keepalive{refresh::tcp_keepalive, refresh_side::client};
    EXPECT_EQ(after({open(1s, 1),
                     {2s, planner::start_refresh{1, keepalive, 3s}},
                     probe(30s, 1, 1, direction::to_client)})
                  .back()
                  .substr(7),
              "delivered 1");
}

}  // namespace
}  // namespace deadair::simulation
