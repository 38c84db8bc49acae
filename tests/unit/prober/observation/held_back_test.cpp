// A server that holds its answer back for as long as it was told to.
#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

/// A server that is asked to speak after ten seconds, and will.
class held_back_test : public ::testing::Test {
protected:
    held_back_test()
    {
        other.on(control_up{.resumed = false, .connections_max = 19}, 0s);
        other.open(2, path{.server_port = 443});
        other.act(0s);
        other.on(tickets{std::vector<opening::ticket>(1)}, 0s);
        other.act(0s);
        here.kernel[2] = scene::quiet_since_ever();
        other.on(joined{2}, 0s);
        other.act(1s);
        other.probe(1, 2, direction::to_client, 5s, 10s);
        other.on(said{1, 2, here.kernel[2]}, 5s);
        here.kernel[2].segments_in += 1;  // the question is acknowledged
        here.kernel[2].since_data_sent_ms = 10'000;
        other.act(5200ms);
    }
    void speaks(nanoseconds at)
    {
        other.on(
            spoke{
                .probe = 1, .connection = 2, .at = at, .error = 50ms, .gone = false, .before = {}},
            at);
    }
    std::optional<note::settled> settled()
    {
        for (const auto& each : other.take_notes())
            if (const auto* const found = std::get_if<note::settled>(&each.what))
                return *found;
        return std::nullopt;
    }

    scene here;
    observation other{{.verdict_after = 2s, .doubted_by = direction::to_server, .answer_max = 15s},
                      here};
};

TEST_F(held_back_test, its_silence_begins_with_the_question)
{
    speaks(15s);
    other.on(heard{1, 2}, 15s);
    const auto done = settled();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->result, outcome::delivered) << done->probe.doubt;
    EXPECT_NEAR(to_seconds(done->probe.idle_age), 10, 0.2);
    EXPECT_LE(done->probe.idle_age_error, 250ms);
}

TEST_F(held_back_test, what_does_not_come_is_lost)
{
    speaks(15s);
    other.act(17s);
    other.on(path_works{2}, 17s);
    const auto done = settled();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->result, outcome::lost) << done->probe.doubt;
}

TEST_F(held_back_test, where_nobody_knows_whether_it_spoke_it_is_void)
{
    other.act(30s);
    other.on(path_works{2}, 30s);
    const auto done = settled();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->result, outcome::voided);
    EXPECT_EQ(done->probe.doubt, "the server did not say that it spoke");
}

TEST_F(held_back_test, a_question_that_was_sent_again_is_no_silence)
{
    here.kernel[2].since_data_sent_ms = 9'000;
    speaks(15s);
    other.on(heard{1, 2}, 15s);
    const auto done = settled();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->result, outcome::voided);
    EXPECT_NE(done->probe.doubt.find("sent again"), std::string::npos) << done->probe.doubt;
}

TEST_F(held_back_test, a_question_that_never_arrived_is_no_silence)
{
    here.kernel[2].unacknowledged = 1;
    speaks(15s);
    other.act(17s);
    other.on(path_works{2}, 17s);
    const auto done = settled();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->result, outcome::voided);
}

}  // namespace
}  // namespace deadair::observation
