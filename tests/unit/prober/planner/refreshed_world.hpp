#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "prober/planner/refresh_plan.hpp"

/// The plan of refreshed connections against a middlebox that answers as it is told to.
namespace deadair::planner::refreshed {

using namespace std::chrono_literals;

inline constexpr means keepalive{refresh::tcp_keepalive, refresh_side::client};
inline constexpr means busy{refresh::data, refresh_side::both};

inline refresh_settings all_means()
{
    refresh_settings wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.paths.push_back({.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.directions = {direction::to_client, direction::to_server};
    for (const auto by : {refresh::tcp_keepalive, refresh::ws_ping, refresh::data})
        wanted.wanted.push_back({by, refresh_side::client});
    wanted.connections_per_stratum = 2;
    return wanted;
}

inline known_so_far all_gone_by(nanoseconds age)
{
    known_so_far known;
    const auto wanted = all_means();
    for (const auto& on : wanted.paths)
        for (const auto way : wanted.directions)
            known.expired[{.on = on, .way = way}] = age;
    return known;
}

// What a connection is kept by; none: silent.
struct kept {
    path on;
    means how{};
    time opened{};
    std::vector<time> asked;

    bool speaks() const { return how.by == refresh::none && asked.size() > 1; }
};

// Runs the plan against a middlebox that answers as it is told to.
struct world {
    refresh_plan plan{all_means()};
    time now{};
    std::map<connection_id, kept> all;
    std::set<connection_id> closed;
    std::function<outcome(const kept&)> answers = [](const kept& of) {
        return of.how.by == refresh::none ? outcome::lost : outcome::delivered;
    };

    void take(const action& one)
    {
        if (const auto* up = std::get_if<open_connection>(&one)) {
            all[up->connection] = {.on = up->on, .how = {}, .opened = now, .asked = {}};
            plan.on(opened{up->connection, now});
        } else if (const auto* start = std::get_if<start_refresh>(&one)) {
            all[start->connection].how = start->how;
            every[start->how.by] = start->every;
        } else if (const auto* send = std::get_if<send_probe>(&one)) {
            auto& of = all[send->connection];
            const auto silence = now - (of.asked.empty() ? of.opened : of.asked.back());
            of.asked.push_back(now);
            plan.on(settled{.probe = send->probe,
                            .result = silence < 1s ? outcome::delivered : answers(of),
                            .last_packet = now});
        } else if (const auto* done = std::get_if<close_connection>(&one)) {
            closed.insert(done->connection);
        }
    }
    void run(const known_so_far& known)
    {
        int steps = 0;
        do {
            for (const auto& one : plan.act(now, known))
                take(one);
            if (const auto wake = plan.wake_at())
                now = std::max(now, *wake);
        } while (plan.needs_time() && ++steps < 10'000);
        EXPECT_FALSE(plan.needs_time());
    }
    long count(means how) const
    {
        return std::ranges::count_if(all, [&](const auto& each) { return each.second.how == how; });
    }

    long speakers() const
    {
        return std::ranges::count_if(all, [](const auto& each) { return each.second.speaks(); });
    }

    std::map<refresh, std::chrono::milliseconds> every;
};

}  // namespace deadair::planner::refreshed
