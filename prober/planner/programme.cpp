#include "prober/planner/programme.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "prober/planner/age_plan.hpp"
#include "prober/planner/delayed_plan.hpp"
#include "prober/planner/refresh_plan.hpp"
#include "prober/planner/retest.hpp"
#include "prober/planner/search.hpp"

namespace deadair::planner {

namespace {

// Busy connections take their places from the search, where it can spare them.
std::optional<plan> without_busy(plan whole)
{
    whole.connections -= std::min(whole.connections, age_plan::connections);
    return refuse(whole) ? std::nullopt : std::optional{whole};
}

// A quarter of what was asked for is to be enough for them, the busy ones and the control
// connection.
constexpr std::uint32_t few_share = 8;

std::optional<plan> with_few(plan whole)
{
    const auto all = whole.connections;
    whole.sampled = false;
    whole.connections = std::max(all / few_share, connections_min(whole));
    return 2 * whole.connections <= all ? std::optional{std::move(whole)} : std::nullopt;
}

// With the same again beside it, with few, where there are fewer to ask with.
void add_search(std::vector<std::unique_ptr<part>>& to, plan wanted)
{
    auto few = with_few(wanted);
    wanted.leaves_crowd = few.has_value();
    to.push_back(std::make_unique<search>(std::move(wanted)));
    if (few)
        to.push_back(std::make_unique<retest>(*std::move(few)));
}

// Each silent connection has a second one beside it, on which the answer surely comes.
constexpr std::uint32_t sockets_of_each = 2;

// Half of what the run may use, where there is a search beside them.
std::uint32_t silent_at_a_time(const plan& all, bool alone)
{
    return all.connections / sockets_of_each / (alone ? 1 : 2);
}

delayed_plan::settings delayed_of(const wanted_of_run& wanted, const path& on, bool alone)
{
    const auto& all = wanted.search;
    const auto shared_by = static_cast<std::uint32_t>(all.paths.size());
    return {.on = on,
            .connections = silent_at_a_time(all, alone) / shared_by,
            .pace = from_seconds(sockets_of_each * shared_by * (alone ? 1 : 2) / all.open_rate),
            .verdict_after = all.verdict_after,
            .ages = {.least = all.idle_min,
                     .most = all.idle_max,
                     .width = all.resolution,
                     .width_relative = all.resolution_relative,
                     .step = wanted.delayed_in}};
}

// What is left for the search beside them; none if nobody is to speak first but the server.
std::optional<plan> without_delayed(plan all)
{
    if (std::erase(all.directions, direction::to_client) == 0 || all.directions.empty())
        return std::nullopt;
    all.connections -= sockets_of_each * silent_at_a_time(all, false);
    all.open_rate /= 2;
    return all;
}

std::vector<std::unique_ptr<part>> with_delayed(const wanted_of_run& wanted)
{
    std::vector<std::unique_ptr<part>> parts;
    auto rest = without_delayed(wanted.search);
    if (rest)
        add_search(parts, *std::move(rest));
    const bool alone = parts.empty();
    for (const auto& each : wanted.search.paths)
        parts.push_back(std::make_unique<delayed_plan>(delayed_of(wanted, each, alone)));
    return parts;
}

}  // namespace

std::vector<std::unique_ptr<part>> parts_of(const wanted_of_run& wanted)
{
    if (wanted.delayed_in > nanoseconds{})
        return with_delayed(wanted);
    const auto spared = wanted.refreshes.empty() ? std::nullopt : without_busy(wanted.search);
    std::vector<std::unique_ptr<part>> parts;
    auto of_search = spared.value_or(wanted.search);
    // It takes no longer than the refreshed connections do.
    of_search.sampled = !wanted.refreshes.empty();
    add_search(parts, std::move(of_search));
    if (!wanted.refreshes.empty())
        parts.push_back(
            std::make_unique<refresh_plan>(refresh_settings{.paths = wanted.search.paths,
                                                            .directions = wanted.search.directions,
                                                            .wanted = wanted.refreshes,
                                                            .open_rate = wanted.search.open_rate}));
    if (spared)
        parts.push_back(std::make_unique<age_plan>(wanted.search, age_plan::lasting::with_others));
    return parts;
}

programme::programme(std::vector<std::unique_ptr<part>> parts, std::uint32_t first)
    : parts_{std::move(parts)}, connections_{first}, probes_{first}
{
}

std::vector<action> programme::act(time now)
{
    now_ = now;
    told_ = false;
    std::vector<action> todo;
    // What one part finds may be what another has waited for, whatever their order.
    for (std::size_t turn = 0; turn <= parts_.size(); ++turn) {
        const auto by_now = known();
        act_all(now, by_now, todo);
        if (known() == by_now)
            break;
    }
    return todo;
}

void programme::act_all(time now, const known_so_far& by_now, std::vector<action>& todo)
{
    for (std::size_t which = 0; which < parts_.size(); ++which)
        for (auto& one : parts_[which]->act(now, by_now))
            todo.push_back(numbered(which, std::move(one)));
}

action programme::numbered(std::size_t which, action what)
{
    std::visit(
        [&]<class What>(What& one) {
            if constexpr (std::is_same_v<What, open_connection>)
                one.connection = connections_.give({which, one.connection});
            else
                one.connection = connections_.of({which, one.connection});
            if constexpr (std::is_same_v<What, send_probe>)
                one.probe = probes_.give({which, one.probe});
        },
        what);
    return what;
}

void programme::on(const event& seen)
{
    told_ = true;
    std::visit(
        [&]<class What>(What what) {
            if constexpr (requires { what.probe; }) {
                const auto owner = probes_.whose(what.probe);
                what.probe = owner.own;
                parts_[owner.part]->on(what);
            } else if constexpr (requires { what.connection; }) {
                const auto owner = connections_.whose(what.connection);
                what.connection = owner.own;
                parts_[owner.part]->on(what);
            } else {
                for (const auto& each : parts_)
                    each->on(what);
            }
        },
        seen);
}

known_so_far programme::known() const
{
    known_so_far all;
    for (const auto& each : parts_)
        each->tell(all);
    all.over = !needs_time();
    return all;
}

bool programme::needs_time() const
{
    return std::ranges::any_of(parts_, [](const auto& each) { return each->needs_time(); });
}

bool programme::finished() const
{
    return !told_ && !needs_time();
}

std::optional<time> programme::wake_at() const
{
    if (told_)
        return now_;
    std::optional<time> soonest;
    for (const auto& each : parts_)
        if (const auto wake = each->wake_at())
            soonest = std::min(soonest.value_or(*wake), *wake);
    return soonest;
}

time programme::expected_end() const
{
    time last{};
    for (const auto& each : parts_)
        last = std::max(last, each->expected_end().value_or(time{}));
    return last;
}

overview programme::shown() const
{
    overview whole;
    for (const auto& each : parts_)
        each->show(whole);
    return whole;
}

}  // namespace deadair::planner
