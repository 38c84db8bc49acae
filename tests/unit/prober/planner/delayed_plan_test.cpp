#include "prober/planner/delayed_plan.hpp"

#include <gtest/gtest.h>

#include <map>

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

/// A server that answers after the delay that it is told, behind a binding that lives for so long.
class behind {
public:
    struct nature {
        nanoseconds lives{};
        nanoseconds answers_after_at_most{nanoseconds::max()};
        nanoseconds lag{};
        bool vouched_for{true};
    };

    behind(const nature& of, const delayed_plan::settings& wanted) : of_{of}, plan_{wanted} {}

    void run()
    {
        for (int turn = 0; turn < 10'000 && plan_.needs_time(); ++turn) {
            for (const auto& each : plan_.act(now_, {}))
                std::visit([this](const auto& todo) { carry_out(todo); }, each);
            const auto wake = plan_.wake_at();
            if (due_.empty() && !wake)
                break;
            if (!due_.empty() && (!wake || due_.begin()->first <= *wake)) {
                now_ = due_.begin()->first;
                const auto seen = due_.begin()->second;
                due_.erase(due_.begin());
                if (!closed_.contains(connection_of(seen)))
                    plan_.on(seen);
            } else {
                now_ = std::max(*wake, now_ + 1ms);
            }
        }
    }
    bracket found() const
    {
        overview all;
        plan_.show(all);
        return all.brackets.front();
    }
    time now() const { return now_; }
    std::size_t open_at_most() const { return open_at_most_; }
    const std::vector<nanoseconds>& asked() const { return asked_; }
    bool finished() const { return !plan_.needs_time(); }
    bool all_closed() const { return open_.empty(); }

private:
    connection_id connection_of(const event& seen) const
    {
        if (const auto* const in = std::get_if<opened>(&seen))
            return in->connection;
        return over_.at(std::get<settled>(seen).probe);
    }
    void carry_out(const open_connection& todo)
    {
        open_.insert(todo.connection);
        open_at_most_ = std::max(open_at_most_, open_.size());
        due_.emplace(now_ + 20ms, opened{todo.connection, now_ + 20ms});
    }
    void carry_out(const send_probe& todo)
    {
        over_[todo.probe] = todo.connection;
        asked_.push_back(todo.after);
        const auto age = std::min(todo.after + of_.lag, of_.answers_after_at_most);
        const bool alive = age < of_.lives;
        const auto result = !of_.vouched_for ? outcome::voided
                            : alive          ? outcome::delivered
                                             : outcome::lost;
        due_.emplace(
            now_ + age + (alive ? 20ms : 2s),
            settled{
                .probe = todo.probe, .result = result, .idle_age = age, .last_packet = now_ + age});
    }
    void carry_out(const close_connection& todo)
    {
        closed_.insert(todo.connection);
        open_.erase(todo.connection);
    }
    void carry_out(const start_refresh& /*todo*/) {}

    nature of_;
    delayed_plan plan_;
    time now_{};
    std::multimap<time, event> due_;
    std::map<probe_id, connection_id> over_;
    std::set<connection_id> closed_;
    std::set<connection_id> open_;
    std::size_t open_at_most_{};
    std::vector<nanoseconds> asked_;
};

delayed_plan::settings in_steps_of(nanoseconds step, nanoseconds most = 2h)
{
    return {
        .on = {},
        .connections = 5,
        .pace = 2s,
        .verdict_after = 2s,
        .ages = {.least = 5s, .most = most, .width = 500ms, .width_relative = 0.001, .step = step}};
}

TEST(delayed_plan, finds_a_timeout_to_what_was_wanted)
{
    for (const nanoseconds lives : {8s, 60s, 350s, 3600s}) {
        behind box{{.lives = lives}, in_steps_of(1ms)};
        box.run();
        const auto found = box.found();
        ASSERT_TRUE(box.finished()) << lives.count();
        ASSERT_TRUE(found.expired) << lives.count();
        EXPECT_LT(found.survived, lives);
        EXPECT_GE(*found.expired, lives);
        EXPECT_LE(*found.expired - found.survived, std::max<nanoseconds>(500ms, lives / 1000));
        EXPECT_GE(found.not_delivered, 3);
        EXPECT_LE(box.open_at_most(), 5);
        EXPECT_TRUE(box.all_closed());
        EXPECT_LT(box.now(), 8 * lives + 90s) << lives.count();
    }
}

TEST(delayed_plan, asks_in_whole_seconds_where_the_server_counts_in_them)
{
    behind box{{.lives = 60200ms}, in_steps_of(1s)};
    box.run();
    EXPECT_EQ(box.found().survived, 60s);
    EXPECT_EQ(box.found().expired, 61s);
    for (const auto each : box.asked())
        EXPECT_EQ(each % 1s, 0s);
}

TEST(delayed_plan, ends_where_nothing_expires)
{
    behind box{{.lives = 24h}, in_steps_of(1ms, 30s)};
    box.run();
    EXPECT_TRUE(box.finished());
    EXPECT_EQ(box.found().survived, 30s);
    EXPECT_FALSE(box.found().expired);
    EXPECT_LT(box.now(), 3min);
}

TEST(delayed_plan, ends_where_the_server_does_not_wait_for_longer)
{
    behind box{{.lives = 24h, .answers_after_at_most = 60s}, in_steps_of(1ms)};
    box.run();
    EXPECT_TRUE(box.finished());
    EXPECT_EQ(box.found().survived, 60s);
    EXPECT_LT(box.now(), 10min);
}

TEST(delayed_plan, a_server_that_is_always_late_is_asked_for_less)
{
    behind box{{.lives = 20s, .lag = 3s}, in_steps_of(1ms)};
    box.run();
    EXPECT_TRUE(box.finished());
    EXPECT_LT(box.found().survived, 20s);
    EXPECT_LE(*box.found().expired - box.found().survived, 500ms);
}

TEST(delayed_plan, ends_where_what_is_asked_first_is_lost)
{
    behind box{{.lives = 2s}, in_steps_of(1ms)};
    box.run();
    EXPECT_TRUE(box.finished());
    EXPECT_EQ(box.found().survived, 0s);
    EXPECT_EQ(box.found().expired, 5s);
}

TEST(delayed_plan, gives_up_where_nothing_can_be_vouched_for)
{
    behind box{{.lives = 24h, .vouched_for = false}, in_steps_of(1ms, 30s)};
    box.run();
    EXPECT_TRUE(box.finished());
    EXPECT_GE(box.found().voided, 10);
}

TEST(delayed_plan, asks_nothing_in_an_outage)
{
    delayed_plan plan{in_steps_of(1ms)};
    plan.on(outage_began{0s});
    EXPECT_TRUE(plan.act(1s, {}).empty());
    EXPECT_FALSE(plan.wake_at());
    plan.on(outage_ended{2s});
    EXPECT_EQ(plan.act(2s, {}).size(), 1);
}

}  // namespace
}  // namespace deadair::planner
