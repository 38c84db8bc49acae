#include "prober/planner/refresh_plan.hpp"

#include <algorithm>
#include <utility>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Held for so many idle timeouts, and a little: enough to tell, and the run ends near two.
constexpr double hold_times_first = 1.15;
constexpr nanoseconds hold_margin = 1s;
// And for so many times that, where silent ones lived as long.
constexpr double hold_longer = 1.5;
// What told nothing is tried once more.
constexpr std::uint32_t rounds_max = 2;

bool has(transport kind, refresh by)
{
    return by != refresh::none && (by != refresh::ws_ping || is_websocket(kind));
}

}  // namespace

refresh_plan::refresh_plan(refresh_settings wanted) : wanted_{std::move(wanted)}
{
    for (const auto& on : wanted_.paths)
        for (const auto way : wanted_.directions) {
            task one{.where = {.on = on, .way = way}, .left = {}, .hold_times = hold_times_first};
            for (std::uint32_t i = 0; i < wanted_.connections_per_stratum; ++i)
                for (const auto& how : wanted_.wanted)
                    if (has(on.kind, how.by))
                        one.left.push_back(how);
            tasks_.push_back(std::move(one));
        }
}

void refresh_plan::begin(task& one, time now, nanoseconds expired, nanoseconds pace)
{
    if (expired < keepalive_timeout_min)
        std::erase_if(one.left, [](means how) { return how.by == refresh::tcp_keepalive; });
    if (one.left.empty())
        return;
    ++one.rounds;
    const auto hold = from_seconds(one.hold_times * to_seconds(expired)) + hold_margin;
    const trial wanted{.where = one.where,
                       .refreshes = one.left,
                       .expired = expired,
                       .hold = hold,
                       .begins = std::max(now, opens_next_),
                       .pace = std::max(pace, from_seconds(1 / wanted_.open_rate))};
    one.now.emplace(wanted, door_);
    opens_next_ = one.now->opened_by();
}

// What is left to try, and that nobody keeps busy what tells nothing more.
void refresh_plan::conclude(task& one, std::vector<action>& todo)
{
    for (const auto each : one.now->busy())
        todo.emplace_back(close_connection{each});
    if (one.now->is_controlled())
        one.left = one.now->untold();
    if (one.now->silent_one_lived())
        one.hold_times *= hold_longer;
    if (one.rounds == rounds_max)
        one.left.clear();
    one.now.reset();
}

// What was begun among too many connections had the wrong measure, and takes places.
void refresh_plan::begin_anew(std::vector<action>& todo)
{
    anew_ = true;
    for (auto& each : tasks_) {
        if (!each.now)
            continue;
        each.now->leave(todo);
        each.now.reset();
        each.rounds = 0;
    }
    door_ = {};
}

std::vector<action> refresh_plan::act(time now, const known_so_far& of_all)
{
    std::vector<action> todo;
    if (outage_)
        return todo;
    if (of_all.crowded && !anew_)
        begin_anew(todo);
    for (auto& each : tasks_) {
        if (each.now && each.now->done())
            conclude(each, todo);
        const auto known = of_all.expired.find(each.where);
        // Where busy connections are cut, or there is no room for so many, those beside the next
        // would die, too.
        const bool vain = each.rounds > 0 && (of_all.busy_cut || of_all.crowded);
        if (!each.now && !vain && known != of_all.expired.end())
            begin(each, now, known->second, of_all.pace);
        if (each.now)
            each.now->act(now, last_, todo);
    }
    return todo;
}

std::optional<time> refresh_plan::wake_at() const
{
    std::optional<time> soonest;
    for (const auto& each : tasks_)
        if (const auto wake = each.now ? each.now->wake_at() : std::nullopt; wake && !outage_)
            soonest = std::min(soonest.value_or(*wake), *wake);
    return soonest;
}

void refresh_plan::on(const event& seen)
{
    if (std::holds_alternative<outage_began>(seen) || std::holds_alternative<outage_ended>(seen))
        outage_ = std::holds_alternative<outage_began>(seen);
    if (outage_)
        door_ = {};  // an outage is no refusal
    for (auto& each : tasks_)
        if (each.now)
            each.now->on(seen);
}

bool refresh_plan::needs_time() const
{
    return std::ranges::any_of(tasks_, [](const task& each) { return each.now.has_value(); });
}

std::optional<time> refresh_plan::expected_end() const
{
    std::optional<time> last;
    for (const auto& each : tasks_)
        if (each.now)
            last = std::max(last.value_or(time{}), each.now->expected_end());
    return last;
}

void refresh_plan::show(overview& whole) const
{
    if (whole.doing == phase::finished && needs_time())
        whole.doing = phase::refreshing;
}

}  // namespace deadair::planner
