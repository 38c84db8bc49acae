#include "prober/planner/programme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "analysis/words/assertion.hpp"

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

// Wants one connection, then says one thing; finds an idle age where it is given one to find.
class small_part final : public part {
public:
    explicit small_part(bool needs_an_age, std::optional<nanoseconds> finds = {})
        : needs_an_age_{needs_an_age}, finds_{finds}
    {
    }

    std::vector<action> act(time, const known_so_far& of_all) override
    {
        std::vector<action> todo;
        begun_ = begun_ || !needs_an_age_ || !of_all.expired.empty();
        if (begun_ && !asked_)
            todo.emplace_back(open_connection{1, {}});
        asked_ = asked_ || begun_;
        if (std::exchange(say_, false))
            todo.emplace_back(send_probe{1, 1, direction::to_server});
        return todo;
    }
    std::optional<time> wake_at() const override { return std::nullopt; }
    void on(const event& seen) override
    {
        heard.push_back(seen);
        say_ = say_ || std::holds_alternative<opened>(seen);
        done_ = done_ || std::holds_alternative<settled>(seen);
    }
    bool needs_time() const override { return (begun_ || !needs_an_age_) && !done_; }
    std::optional<time> expected_end() const override
    {
        return needs_time() ? finds_ : std::nullopt;
    }
    void tell(known_so_far& all) const override
    {
        if (done_ && finds_)
            all.expired.emplace(stratum{}, *finds_);
    }

    std::vector<event> heard;

private:
    bool needs_an_age_;
    std::optional<nanoseconds> finds_;
    bool begun_{};
    bool asked_{};
    bool say_{};
    bool done_{};
};

// A programme of two: one waits for what the other finds.
struct two_parts {
    explicit two_parts(bool waiting_one_first)
    {
        auto one = std::make_unique<small_part>(false, 7s);
        auto other = std::make_unique<small_part>(true);
        finds = one.get();
        waits = other.get();
        std::vector<std::unique_ptr<part>> both;
        both.push_back(std::move(one));
        both.push_back(std::move(other));
        if (waiting_one_first)
            std::ranges::reverse(both);
        all.emplace(std::move(both));
    }

    std::optional<programme> all;
    small_part* finds{};
    small_part* waits{};
};

template <class What>
const What& only(const std::vector<action>& todo)
{
    EXPECT_EQ(todo.size(), 1U);
    return std::get<What>(todo.at(0));
}

TEST(a_programme, begins_a_part_as_soon_as_it_has_what_it_needs_in_whatever_order)
{
    for (const bool waiting_one_first : {false, true}) {
        two_parts two{waiting_one_first};
        auto& all = *two.all;
        EXPECT_EQ(only<open_connection>(all.act(0s)).connection, 1U);
        all.on(opened{1, 1s});
        EXPECT_EQ(only<send_probe>(all.act(1s)).probe, 1U);
        EXPECT_TRUE(two.waits->heard.empty());
        all.on(
            settled{.probe = 1, .result = outcome::delivered, .idle_age = 1s, .last_packet = 2s});
        EXPECT_FALSE(all.finished());
        EXPECT_EQ(only<open_connection>(all.act(2s)).connection, 2U);
        EXPECT_FALSE(all.finished());
    }
}

TEST(a_programme, tells_each_part_of_its_own_under_its_own_numbers)
{
    two_parts two{false};
    auto& all = *two.all;
    all.act(0s);
    all.on(opened{1, 0s});
    all.act(0s);
    all.on(settled{.probe = 1, .result = outcome::delivered});
    all.act(0s);
    all.on(opened{2, 3s});
    EXPECT_EQ(only<send_probe>(all.act(3s)).probe, 2U);
    all.on(settled{.probe = 2, .result = outcome::lost});
    ASSERT_EQ(two.finds->heard.size(), 2U);
    ASSERT_EQ(two.waits->heard.size(), 2U);
    EXPECT_EQ(std::get<opened>(two.waits->heard[0]).connection, 1U);
    EXPECT_EQ(std::get<settled>(two.waits->heard[1]).probe, 1U);
    EXPECT_EQ(std::get<settled>(two.waits->heard[1]).result, outcome::lost);
}

TEST(a_programme, tells_every_part_of_an_outage)
{
    two_parts two{false};
    two.all->on(outage_began{1s});
    two.all->on(outage_ended{2s});
    EXPECT_EQ(two.finds->heard.size(), 2U);
    EXPECT_EQ(two.waits->heard.size(), 2U);
}

TEST(a_programme, asks_to_act_on_what_it_was_told_before_it_is_finished)
{
    two_parts two{false};
    auto& all = *two.all;
    all.act(5s);
    EXPECT_FALSE(all.wake_at());
    all.on(opened{1, 6s});
    EXPECT_EQ(all.wake_at(), 5s);
    all.act(6s);
    EXPECT_FALSE(all.wake_at());
}

TEST(a_programme, expects_to_end_with_the_part_that_takes_longest)
{
    std::vector<std::unique_ptr<part>> parts;
    for (const auto end : {3s, 9s, 4s})
        parts.push_back(std::make_unique<small_part>(false, end));
    const programme all{std::move(parts)};
    EXPECT_EQ(all.expected_end(), 9s);
}

TEST(a_programme, stops_when_it_is_told_of_what_it_never_began)
{
    two_parts two{false};
    two.all->act(0s);
    EXPECT_THROW(two.all->on(opened{2, 0s}), broken_assumption);
    EXPECT_THROW(two.all->on(settled{.probe = 1}), broken_assumption);
}

TEST(a_programme, counts_from_where_it_is_told_to)
{
    std::vector<std::unique_ptr<part>> parts;
    parts.push_back(std::make_unique<small_part>(false));
    programme all{std::move(parts), 1000};
    EXPECT_EQ(only<open_connection>(all.act(0s)).connection, 1000U);
    all.on(opened{1000, 0s});
    EXPECT_EQ(only<send_probe>(all.act(0s)).probe, 1000U);
}

}  // namespace
}  // namespace deadair::planner
