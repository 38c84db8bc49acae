#pragma once

#include <functional>
#include <random>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Observations as a run makes them of a middlebox that is known: connections opened one after the
/// other, asked at ages on both sides of the truth, and asked again.
namespace deadair::estimate::boxes {

using namespace std::chrono_literals;

/// What a middlebox is told of one silence.
struct asked {
    std::uint32_t connection{};
    std::uint16_t port{};
    direction way{};
    double opened_s{};
    double silent_since_s{};
    int messages{};  ///< that passed before
};

/// When it forgets a connection that stays silent: seconds since the run's start.
using middlebox = std::function<double(const asked&)>;

struct run_like {
    int connections{128};
    int rounds{5};       ///< how often each is asked
    double scale_s{10};  ///< about the truth: ages are asked up to 1.6 of it
    double open_rate{20};
    double start_s{0};
    std::vector<direction> ways{direction::to_client};
    bool closes{};  ///< the middlebox ends connections by itself
};

class recorder {
public:
    recorder(const run_like& of, unsigned seed) : of_{of}, random_{seed} {}

    std::vector<observation> run(const middlebox& box)
    {
        for (int i = 0; i < of_.connections; ++i)
            live(static_cast<std::uint32_t>(i + 1), box);
        return std::move(seen_);
    }

private:
    double even(double from, double to)
    {
        return std::uniform_real_distribution<double>{from, to}(random_);
    }

    void live(std::uint32_t connection, const middlebox& box)
    {
        asked one{
            .connection = connection,
            .port = static_cast<std::uint16_t>(20000 + (connection * 2654435761U >> 16) % 20000),
            .opened_s = of_.start_s + connection / of_.open_rate,
            .silent_since_s = of_.start_s + connection / of_.open_rate};
        double last = 0;
        for (int i = 0; i < of_.rounds; ++i) {
            one.way = of_.ways[(connection + static_cast<unsigned>(i)) % of_.ways.size()];
            // Those that lived are asked again at about the same age, as the planner does.
            const double age = i == 0       ? of_.scale_s * even(0.35, 0.6)
                               : i % 2 == 0 ? last * even(0.98, 1.05)
                                            : of_.scale_s * even(0.4, 1.4);
            last = age;
            const double end = box(one);
            const bool lives = one.silent_since_s + age < end;
            if (!lives && of_.closes)
                return note(one, end - one.silent_since_s, outcome::closed, true);
            note(one, age, lives ? outcome::delivered : outcome::lost, false);
            if (!lives)
                return;
            one.silent_since_s += age;
            ++one.messages;
        }
    }

    void note(const asked& of, double age_s, outcome result, bool unprompted)
    {
        observation one;
        one.where.way = of.way;
        one.connection_id = of.connection;
        one.local_port = of.port;
        one.idle_age = from_seconds(age_s);
        one.idle_age_error = 2ms;
        one.result = result;
        one.unprompted = unprompted;
        one.both_saw = unprompted;
        one.unanswered = result == outcome::lost ? 5 : 0;
        one.sent_at = from_seconds(of.silent_since_s + age_s);
        one.settled_at = *one.sent_at + (result == outcome::lost ? 2s : 0s);
        one.connection_age = from_seconds(of.silent_since_s + age_s - of.opened_s);
        seen_.push_back(one);
    }

    run_like of_;
    std::mt19937 random_;
    std::vector<observation> seen_;
};

inline std::vector<observation> observe(const middlebox& box, const run_like& of = {},
                                        unsigned seed = 1)
{
    return recorder{of, seed}.run(box);
}

/// A number in [0, 1) that belongs to a connection, or to one of its silences.
inline double drawn(std::uint32_t connection, int silence = 0)
{
    std::mt19937 random{connection * 1009 + static_cast<unsigned>(silence)};
    random.discard(3);
    return std::uniform_real_distribution<double>{0, 1}(random);
}

}  // namespace deadair::estimate::boxes
