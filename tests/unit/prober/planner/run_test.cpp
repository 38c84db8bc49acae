// All the parts of a run as one plan.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <utility>

#include "prober/planner/programme.hpp"

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
    /// @param late  by so much later than it wants is the plan woken
    world(programme& plan, nanoseconds idle_timeout, nanoseconds late = 0ns)
        : plan_{plan}, idle_timeout_{idle_timeout}, late_{late}
    {
    }

    void run(time end = 24h)
    {
        while (!plan_.finished() && now_ < end) {
            for (const auto& one : plan_.act(now_))
                std::visit([this](const auto& what) { take(what); }, one);
            const auto wake = plan_.wake_at();
            if (!due_.empty() && (!wake || due_.top().first <= *wake))
                tell_next();
            else if (wake)
                now_ = std::max(now_, *wake + late_);
            else
                return;
        }
    }

    /// Lets in none of this kind.
    void refuse(transport of) { refused_ = of; }
    /// Answers no opening from here to there.
    void shut(time from, time to) { shut_ = {from, to}; }
    std::size_t begun_while_shut() const { return begun_while_shut_; }
    /// Connections of this kind after another time.
    void forget(transport of, nanoseconds after) { otherwise_[of] = after; }

    transport on(connection_id one) const { return kinds_.at(one); }
    /// The silence before a probe on it, save refreshes.
    nanoseconds longest(connection_id one) const { return longest_.at(one); }
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
        kinds_[what.connection] = what.on.kind;
        if (what.on.kind == refused_) {
            due_.emplace(now_ + 10ms, open_failed{what.connection, now_ + 10ms});
            return;
        }
        if (now_ >= shut_.first && now_ < shut_.second) {
            ++begun_while_shut_;
            due_.emplace(now_ + 10s, open_failed{what.connection, now_ + 10s});
            return;
        }
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
        const auto kind = kinds_.at(what.connection);
        const auto expires = otherwise_.contains(kind) ? otherwise_.at(kind) : idle_timeout_;
        const bool lives = age < expires || refreshed_.contains(what.connection);
        longest_[what.connection] = std::max(longest_[what.connection], age);
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
        EXPECT_TRUE(kinds_.contains(what.connection));
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
    std::map<transport, nanoseconds> otherwise_;
    std::optional<transport> refused_;
    std::pair<time, time> shut_{};
    std::size_t begun_while_shut_{};
    nanoseconds late_;
    time now_{};
    std::map<connection_id, transport> kinds_;
    std::map<connection_id, nanoseconds> longest_;
    std::priority_queue<told, std::vector<told>, later> due_;
    std::map<connection_id, time> opened_at_;
    std::map<connection_id, time> silent_since_;
    std::map<connection_id, means> refreshed_;
    std::set<probe_id> probes_;
    std::set<connection_id> closed_;
};

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
    // keepalive and data on both transports, pings on one, two directions, three each; busy ones:
    // 8, and two beside those of each transport and direction.
    const auto busy = means{refresh::data, refresh_side::both};
    const auto kept = std::ranges::count(around.refreshed(), busy,
                                         &std::pair<const connection_id, means>::second);
    EXPECT_EQ(kept, 8 + 2 * 4);
    EXPECT_EQ(around.refreshed().size() - 16, 5U * 2 * 3);
    EXPECT_LT(around.now(), 250s);
}

// Two timeouts in one run: what lives longer is refreshed beyond its own, not beyond the shorter.
TEST(a_run, refreshes_each_stratum_by_its_own_timeout)
{
    programme all{parts_of(everything())};
    world around{all, 100s};
    around.forget(transport::wss, 180s);
    around.run();
    ASSERT_TRUE(all.finished());
    const auto keepalive = means{refresh::tcp_keepalive, refresh_side::client};
    std::map<transport, nanoseconds> held;
    for (const auto& [connection, how] : around.refreshed())
        if (how == keepalive)
            held[around.on(connection)] = around.longest(connection);
    EXPECT_GT(held[transport::tls], 115s);
    EXPECT_LT(held[transport::tls], 130s);
    EXPECT_GT(held[transport::wss], 200s);
}

TEST(a_run, leaves_out_what_cannot_be_reached_and_measures_the_rest)
{
    programme all{parts_of(everything())};
    world around{all, 30s};
    around.refuse(transport::wss);
    around.run();
    ASSERT_TRUE(all.finished());
    EXPECT_LT(around.now(), 90s);
    ASSERT_EQ(all.shown().brackets.size(), 4U);
    for (const auto& each : all.shown().brackets) {
        EXPECT_TRUE(each.done);
        EXPECT_EQ(each.expired.has_value(), each.where.on.kind == transport::tls);
    }
}

// A path that takes many openings for an attack, or has no room: what is not answered says so long
// before it fails, and from then on one is tried at a time.
TEST(a_run, opens_no_more_while_nobody_answers)
{
    programme all{parts_of(everything())};
    world around{all, 30s};
    around.shut(2s, 25s);
    around.run();
    ASSERT_TRUE(all.finished());
    EXPECT_LT(around.begun_while_shut(), 40U);  // 20 in a second, and a few beside
    for (const auto& each : all.shown().brackets)
        EXPECT_TRUE(each.expired.has_value());
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

TEST(a_run, takes_no_longer_when_it_is_woken_a_little_late)
{
    for (const nanoseconds late : {0ms, 1ms, 5ms}) {
        auto wanted = everything();
        wanted.refreshes.clear();
        programme all{parts_of(wanted)};
        world around{all, 8s, late};
        around.run();
        EXPECT_TRUE(all.finished());
        EXPECT_LT(around.now(), 16s) << late.count();
    }
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

TEST(a_run, whose_server_speaks_after_a_delay_searches_the_other_way_alone)
{
    auto wanted = everything();
    wanted.refreshes.clear();
    wanted.delayed_in = 1s;
    // The search, the same with few, and of each path what is delayed.
    EXPECT_EQ(parts_of(wanted).size(), 2 + wanted.search.paths.size());
    wanted.search.directions = {direction::to_client};
    EXPECT_EQ(parts_of(wanted).size(), wanted.search.paths.size());
}

}  // namespace
}  // namespace deadair::planner
