#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "prober/hops/plan/course.hpp"

namespace deadair::hops_plan {

using namespace std::chrono_literals;

struct simulated_box {
    nanoseconds timeout{1h};
    bool bridge{};             ///< it does not lower the time to live
    bool drops_first{};        ///< what ends there it does not notice
    bool counts_client{true};  ///< packets of the client renew
    bool counts_server{true};
    bool counts_keepalive{true};
};

/// A client, boxes and a server in a row, and what becomes of each connection there.
class row_of_boxes {
public:
    explicit row_of_boxes(std::vector<simulated_box> boxes, double loss = 0, unsigned seed = 1)
        : boxes_{std::move(boxes)}, loss_{loss}, random_{seed}
    {
    }

    int server_hop() const
    {
        return 1 + static_cast<int>(std::ranges::count_if(
                       boxes_, [](const auto& each) { return !each.bridge; }));
    }

    /// Runs a whole plan, in virtual time.
    std::vector<seen> run(const plan& of) { return run(of, trials_of(of)); }
    std::vector<seen> run(const plan& of, const std::vector<trial>& what)
    {
        course all{of, what};
        time now{};
        std::vector<time> opened;
        for (int turns = 0; !all.finished() && turns < 100'000; ++turns) {
            for (const auto& todo : all.act(now))
                if (const auto* const open = std::get_if<planner::open_connection>(&todo)) {
                    opened.push_back(now);
                    all.on(planner::opened{open->connection, now});
                } else if (const auto* const probe = std::get_if<planner::send_probe>(&todo)) {
                    const auto age = now - opened.at(probe->connection - 1);
                    const bool lives =
                        outlives(all.trial_of(probe->connection), age, refresh_every(of));
                    all.on(planner::settled{.probe = probe->probe,
                                            .result = lives ? outcome::delivered : outcome::lost,
                                            .idle_age = age});
                }
            if (const auto wake = all.wake_at())
                now = std::max(now, *wake);
        }
        return all.results();
    }

private:
    struct state {
        time seen{};
        bool gone{};
    };
    bool outlives(const trial& what, nanoseconds age, nanoseconds every)
    {
        std::vector<state> states(boxes_.size());
        const bool client = what.from == refresh_side::client;
        for (auto at = every; what.hops != not_at_all && at < age; at += every)
            if (pass(states, at, client, what.hops))
                (void)pass(states, at, !client, all_the_way);
        // The probe, and its retransmissions.
        for (int tries = 0; tries < 4; ++tries)
            if (probe(states, age))
                return true;
        return false;
    }

    // A keepalive; true where it arrived.
    bool pass(std::vector<state>& states, time at, bool from_client, int hops)
    {
        for (std::size_t i = 0; i < states.size(); ++i) {
            const auto which = from_client ? i : states.size() - 1 - i;
            const auto& box = boxes_[which];
            const bool ends = !box.bridge && --hops == 0;
            if (lost() ||
                (!(ends && box.drops_first) && !let(states[which], box, at, from_client)) || ends)
                return false;
        }
        return !lost();
    }

    static bool let(state& binding, const simulated_box& box, time at, bool from_client)
    {
        binding.gone = binding.gone || at - binding.seen >= box.timeout;
        if (binding.gone)
            return false;
        if (box.counts_keepalive && (from_client ? box.counts_client : box.counts_server))
            binding.seen = at;
        return true;
    }

    bool probe(std::vector<state>& states, time at)
    {
        for (std::size_t i = states.size(); i-- > 0;)
            if (at - states[i].seen >= boxes_[i].timeout || states[i].gone || lost())
                return false;
        return true;
    }

    bool lost() { return std::bernoulli_distribution{loss_}(random_); }

    std::vector<simulated_box> boxes_;
    double loss_;
    std::mt19937 random_;
};

}  // namespace deadair::hops_plan
