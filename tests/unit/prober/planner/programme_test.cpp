#include "prober/planner/programme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <utility>

#include "analysis/words/assertion.hpp"

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

plan a_plan()
{
    plan wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.paths.push_back({.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.directions = {direction::to_client, direction::to_server};
    wanted.idle_max = 1h;
    return wanted;
}

wanted_of_run everything()
{
    return {.search = a_plan(),
            .refreshes = {{refresh::tcp_keepalive, refresh_side::client},
                          {refresh::ws_ping, refresh_side::client},
                          {refresh::data, refresh_side::client}}};
}

// A firewall that forgets, without loss, and a session that does what is asked.
class world {
public:
    world(programme& plan, nanoseconds idle_timeout) : plan_{plan}, idle_timeout_{idle_timeout} {}

    void run(time end = 24h)
    {
        while (!plan_.finished() && now_ < end) {
            for (const auto& one : plan_.act(now_))
                std::visit([this](const auto& what) { take(what); }, one);
            const auto wake = plan_.wake_at();
            if (!due_.empty() && (!wake || due_.top().first <= *wake))
                tell_next();
            else if (wake)
                now_ = std::max(now_, *wake);
            else
                return;
        }
    }

    time now() const { return now_; }
    std::size_t opened_in_all() const { return opened_at_.size(); }
    std::size_t probes() const { return probes_.size(); }
    const std::map<connection_id, means>& refreshed() const { return refreshed_; }
    std::size_t closed() const { return closed_.size(); }
    std::size_t under_way() const { return due_.size(); }

private:
    using told = std::pair<time, event>;
    struct later {
        bool operator()(const told& one, const told& other) const
        {
            return one.first > other.first;
        }
    };

    void take(const open_connection& what)
    {
        EXPECT_FALSE(opened_at_.contains(what.connection)) << "a number is given once";
        opened_at_[what.connection] = now_ + 50ms;
        silent_since_[what.connection] = now_ + 50ms;
        due_.emplace(now_ + 50ms, opened{what.connection, now_ + 50ms});
    }
    void take(const start_refresh& what)
    {
        ASSERT_TRUE(opened_at_.contains(what.connection));
        refreshed_[what.connection] = what.how;
    }
    void take(const send_probe& what)
    {
        EXPECT_TRUE(probes_.insert(what.probe).second) << "a number is given once";
        ASSERT_TRUE(opened_at_.contains(what.connection));
        auto& since = silent_since_[what.connection];
        const auto age = now_ - since;
        const bool lives = age < idle_timeout_ || refreshed_.contains(what.connection);
        const auto at = now_ + (lives ? 50ms : 2000ms);
        since = at;
        due_.emplace(at, settled{.probe = what.probe,
                                 .result = lives ? outcome::delivered : outcome::lost,
                                 .idle_age = age,
                                 .last_packet = at,
                                 .unanswered = lives ? 0U : 4U});
    }
    void take(const close_connection& what)
    {
        EXPECT_TRUE(opened_at_.contains(what.connection));
        closed_.insert(what.connection);
    }
    void tell_next()
    {
        now_ = std::max(now_, due_.top().first);
        const auto seen = due_.top().second;
        due_.pop();
        plan_.on(seen);
    }

    programme& plan_;
    nanoseconds idle_timeout_;
    time now_{};
    std::priority_queue<told, std::vector<told>, later> due_;
    std::map<connection_id, time> opened_at_;
    std::map<connection_id, time> silent_since_;
    std::map<connection_id, means> refreshed_;
    std::set<probe_id> probes_;
    std::set<connection_id> closed_;
};

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
        begun_ = begun_ || !needs_an_age_ || of_all.expired;
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
            all.expired = finds_;
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

TEST(a_run, finds_the_timeout_then_tries_each_refresh_on_connections_of_its_own)
{
    programme all{parts_of(everything())};
    world around{all, 100s};
    around.run();
    ASSERT_TRUE(all.finished());
    EXPECT_EQ(around.under_way(), 0U);
    for (const auto& each : all.shown().brackets) {
        EXPECT_LE(each.survived, 100s);
        EXPECT_GE(each.expired.value_or(0s), 100s);
        EXPECT_TRUE(each.done);
    }
    EXPECT_EQ(all.shown().doing, phase::finished);
    // keepalive and data on both transports, pings on one, two directions, three each; busy: 8.
    const auto busy = means{refresh::data, refresh_side::both};
    const auto kept = std::ranges::count(around.refreshed(), busy,
                                         &std::pair<const connection_id, means>::second);
    EXPECT_EQ(kept, 8);
    EXPECT_EQ(around.refreshed().size() - 8, 5U * 2 * 3);
    EXPECT_LT(around.now(), 250s);
}

TEST(a_run, without_refreshes_has_neither_them_nor_busy_connections)
{
    auto wanted = everything();
    wanted.refreshes.clear();
    programme all{parts_of(wanted)};
    world around{all, 100s};
    around.run();
    EXPECT_TRUE(all.finished());
    EXPECT_TRUE(around.refreshed().empty());
    EXPECT_LT(around.now(), 120s);
}

TEST(a_run, in_which_nothing_expires_refreshes_nothing)
{
    auto wanted = everything();
    wanted.search.idle_max = 60s;
    programme all{parts_of(wanted)};
    world around{all, 1h};
    around.run();
    EXPECT_TRUE(all.finished());
    EXPECT_EQ(around.refreshed().size(), 8U);  // the busy ones
    EXPECT_LT(around.now(), 80s);
}

TEST(a_run, with_few_connections_spares_none_for_ages)
{
    auto wanted = everything();
    wanted.search.connections = 20;  // 16 are the least for four strata
    programme all{parts_of(wanted)};
    for (const auto& todo : all.act(0s))
        EXPECT_TRUE(std::holds_alternative<open_connection>(todo));
    world around{all, 1h};
    EXPECT_EQ(parts_of(wanted).size(), 2U);
    wanted.search.connections = 24;
    EXPECT_EQ(parts_of(wanted).size(), 3U);
}

}  // namespace
}  // namespace deadair::planner
