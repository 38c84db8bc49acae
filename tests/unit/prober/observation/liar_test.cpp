// Whatever a server says, in whatever order: nothing breaks, each probe has one verdict, no idle
// age exceeds the run, and what is kept is bounded.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

constexpr connection_id connections = 8;

class liar {
public:
    explicit liar(std::uint64_t seed) : random_{seed} {}

    void play(int moves)
    {
        here_.begin();
        for (int move = 0; move < moves; ++move) {
            here_.pass(std::chrono::milliseconds{below(2000)});
            if (below(2) == 0)
                wish();
            else if (below(3) == 0)
                here_.tell(lie());
            answer();
        }
        here_.pass(1h);
    }
    const scene& story() const { return here_; }
    std::uint32_t asked() const { return asked_; }

private:
    std::uint32_t below(std::uint32_t bound)
    {
        return std::uniform_int_distribution<std::uint32_t>{0, bound - 1}(random_);
    }
    /// Mostly one that exists.
    std::uint32_t number(std::uint32_t last)
    {
        return below(20) == 0 ? static_cast<std::uint32_t>(random_()) : below(last + 2);
    }
    time moment()
    {
        switch (below(4)) {
            case 0:
                return nanoseconds{static_cast<std::int64_t>(random_() >> 2U)};
            case 1:
                return -nanoseconds{static_cast<std::int64_t>(random_() >> 2U)};
            default:
                return here_.now - std::chrono::milliseconds{below(50)};
        }
    }
    outcome end() { return static_cast<outcome>(below(6)); }
    socket_facts figures()
    {
        socket_facts any = scene::quiet_since_ever();
        any.retransmitted = below(2) == 0 ? below(3) : static_cast<std::uint32_t>(random_());
        return any;
    }

    void wish()
    {
        const auto over = 1 + below(connections);
        if (below(3) == 0 && opened_ < connections) {
            here_.kernel[++opened_] = {.segments_in = 1, .segments_out = 1, .rto_us = 220'000};
            return here_.want(opened_);
        }
        here_.ask(++asked_, over, below(2) == 0 ? direction::to_client : direction::to_server);
    }

    /// What it was asked for, mostly.
    void answer()
    {
        const auto wanted = std::exchange(here_.todo, {});
        for (const auto& each : wanted) {
            if (below(8) == 0)
                continue;
            if (const auto* const begin = std::get_if<connect>(&each))
                here_.join(begin->connection);
            else if (const auto* const request = std::get_if<let_speak>(&each)) {
                here_.tell(here_.spoke_at(here_.now, request->probe, request->connection));
                here_.tell(heard{request->probe, request->connection});
            } else if (const auto* const left = std::get_if<speak>(&each))
                here_.tell(received{left->probe, left->connection, here_.now, 10ms});
            else if (const auto* const question = std::get_if<query>(&each))
                here_.tell(scene::state_of(question->connection, true));
        }
    }

    event lie()
    {
        const auto over = number(connections);
        const auto probe = below(4) == 0 ? number(asked_) : asked_;
        switch (below(9)) {
            case 0:
                return joined{over};
            case 1:
                return spoke{probe, over, moment(), 10ms, below(5) == 0, figures()};
            case 2:
                return received{probe, over, moment(), 10ms};
            case 3:
                return heard{probe, over};
            case 4:
                return far_state{over, below(2) == 0, figures()};
            case 5:
                return far_ended{over, end(), "reset"};
            case 6:
                return gone{over, end(), "reset", below(2) == 0};
            case 7:
                return control_measured{std::chrono::microseconds{random_() >> 32U}, 10ms};
            default:
                return below(2) == 0 ? event{control_down{"silent", here_.now}}
                                     : event{control_up{below(3) != 0, below(300)}};
        }
    }

    std::mt19937_64 random_;
    scene here_;
    connection_id opened_{};
    probe_id asked_{};
};

TEST(a_liar, breaks_nothing_whatever_it_says)
{
    std::map<outcome, int> seen;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        liar server{seed};
        server.play(300);
        const auto& story = server.story();
        std::map<probe_id, int> verdicts;
        for (const auto& each : story.told<note::settled>()) {
            ++verdicts[each.probe.probe];
            ++seen[each.result];
            ASSERT_GE(each.probe.idle_age - each.probe.idle_age_error, 0ns);
            ASSERT_LE(each.probe.idle_age, story.now);
            ASSERT_LE(each.probe.retransmitted, 10'000);
        }
        for (const auto& each : story.told<note::ended>())
            ASSERT_GE(each.seen.idle_age - each.seen.idle_age_error, 0ns);
        if (story.told<note::failed>().empty()) {
            ASSERT_EQ(verdicts.size(), server.asked());
        }
        for (const auto& [probe, count] : verdicts)
            ASSERT_EQ(count, 1);
        ASSERT_LE(story.told<note::failed>().size(), 1);
        ASSERT_LE(story.seen.waiting() + story.seen.being_opened(), connections);
    }
    // It does not always lie, or there would be nothing to break.
    EXPECT_GT(seen[outcome::delivered], 1000);
    EXPECT_GT(seen[outcome::lost], 100);
    EXPECT_GT(seen[outcome::voided], 1000);
}

}  // namespace
}  // namespace deadair::observation
