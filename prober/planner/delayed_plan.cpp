#include "prober/planner/delayed_plan.hpp"

#include <algorithm>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Who draws answers by chance, or never the same way, is not asked without end.
constexpr probe_id probes_max = 100;
constexpr std::uint32_t voided_in_a_row_max = 10;
// A dead connection stays open for so many times the wait for a verdict: it may come late.
constexpr int stays_for = 2;
// An answer that comes so much sooner than it was asked for is as late as this server ever is.
constexpr double sooner = 0.9;

}  // namespace

delayed_plan::delayed_plan(const settings& wanted)
    : wanted_{wanted}, ages_{wanted.ages}, slots_(wanted.connections)
{
}

std::vector<action> delayed_plan::act(time now, const known_so_far& /*of_all*/)
{
    std::vector<action> todo;
    now_ = now;
    if (done_ || outage_)
        return todo;
    leave_what_is_older(todo);
    for (auto& each : slots_)
        step(each, todo);
    const bool waiting = std::ranges::any_of(slots_, [](const slot& each) {
        return each.is == standing::asked || each.is == standing::opening;
    });
    const bool enough =
        last_probe_ >= probes_max || voided_in_a_row_ >= voided_in_a_row_max || door_.is_closed();
    if ((!waiting && !next()) || enough)
        finish(todo);
    return todo;
}

void delayed_plan::step(slot& which, std::vector<action>& todo)
{
    if (which.is == standing::dead && now_ >= which.until)
        close(which, todo);
    if (which.is == standing::absent)
        open(which, todo);
    if (which.is == standing::ready)
        ask(which, todo);
}

void delayed_plan::open(slot& which, std::vector<action>& todo)
{
    if (!next() || now_ < opens_next_ || !door_.may_knock(now_))
        return;
    opens_next_ = now_ + wanted_.pace;
    which = {.is = standing::opening, .connection = ++last_connection_};
    door_.knock(which.connection, now_);
    todo.emplace_back(open_connection{which.connection, wanted_.on});
}

void delayed_plan::ask(slot& which, std::vector<action>& todo)
{
    const auto age = next();
    if (!age)
        return close(which, todo);
    which.is = standing::asked;
    which.probe = ++last_probe_;
    which.age = *age;
    which.until = now_ + *age + wanted_.verdict_after;
    which.after = std::max(*age - lag_ / wanted_.ages.step * wanted_.ages.step, wanted_.ages.step);
    todo.emplace_back(send_probe{.probe = which.probe,
                                 .connection = which.connection,
                                 .way = direction::to_client,
                                 .after = which.after});
}

std::optional<nanoseconds> delayed_plan::next() const
{
    std::vector<nanoseconds> asked;
    for (const auto& each : slots_)
        if (each.is == standing::asked)
            asked.push_back(each.age);
    return ages_.next(asked);
}

// What outlasts one that failed tells nothing more, and may last for hours.
void delayed_plan::leave_what_is_older(std::vector<action>& todo)
{
    const auto expired = ages_.expired();
    for (auto& each : slots_)
        if (expired && each.is == standing::asked && each.age > *expired + wanted_.ages.step)
            close(each, todo);
}

void delayed_plan::close(slot& which, std::vector<action>& todo)
{
    todo.emplace_back(close_connection{which.connection});
    which = {};
}

void delayed_plan::finish(std::vector<action>& todo)
{
    for (auto& each : slots_)
        if (each.is != standing::absent)
            close(each, todo);
    done_ = true;
}

void delayed_plan::on(const event& seen)
{
    if (const auto* const in = std::get_if<opened>(&seen)) {
        door_.let_in(in->connection);
        if (auto* const here = slot_of(in->connection))
            here->is = standing::ready;
    } else if (const auto* const out = std::get_if<open_failed>(&seen)) {
        if (!outage_)
            door_.refuse(out->connection, out->at);
        if (auto* const here = slot_of(out->connection))
            *here = {};
    } else if (const auto* const told = std::get_if<settled>(&seen)) {
        if (auto* const here = slot_of_probe(told->probe))
            settle(*here, *told);
    } else if (const auto* const end = std::get_if<ended>(&seen)) {
        if (auto* const here = slot_of(end->connection))
            *here = {};
    } else {
        outage_ = std::holds_alternative<outage_began>(seen);
        // Nobody knows by when it had been silent for too long.
        for (auto& each : slots_)
            if (each.is == standing::ready)
                each = {.is = standing::dead, .connection = each.connection, .until = now_};
    }
}

void delayed_plan::settle(slot& which, const settled& seen)
{
    const auto asked = which.age;
    const bool told = seen.result != outcome::voided;
    voided_in_a_row_ = told ? 0 : voided_in_a_row_ + 1;
    voided_ += told ? 0 : 1;
    which.probe = {};
    which.is = seen.result == outcome::delivered ? standing::ready : standing::dead;
    which.until = now_ + (told ? stays_for * wanted_.verdict_after : 0ns);
    if (!told)
        return;
    ages_.learn(seen.idle_age, seen.result == outcome::delivered);
    if (seen.result != outcome::delivered)
        return;
    if (to_seconds(seen.idle_age) < sooner * to_seconds(asked))
        ages_.limit(seen.idle_age);
    else
        lag_ = std::max(seen.idle_age - which.after, 0ns);
}

std::optional<time> delayed_plan::wake_at() const
{
    if (done_ || outage_)
        return std::nullopt;
    std::optional<time> soonest;
    for (const auto& each : slots_) {
        const auto at = each.is == standing::absent ? std::max(opens_next_, now_)
                        : each.is == standing::dead ? each.until
                                                    : time::max();
        const bool needless = each.is == standing::absent && (!next() || !door_.may_knock(now_));
        if (at != time::max() && !needless)
            soonest = std::min(soonest.value_or(at), at);
    }
    return soonest;
}

std::optional<time> delayed_plan::expected_end() const
{
    if (done_)
        return std::nullopt;
    auto last = now_;
    for (const auto& each : slots_)
        if (each.is == standing::asked)
            last = std::max(last, each.until);
    return last;
}

void delayed_plan::show(overview& whole) const
{
    if (!done_ && whole.doing == phase::finished)
        whole.doing = phase::searching;
    bracket one{.where = {.on = wanted_.on, .way = direction::to_client},
                .survived = ages_.survived(),
                .expired = ages_.expired()};
    one.delivered = ages_.alive();
    one.not_delivered = ages_.dead();
    one.voided = voided_;
    one.done = done_;
    whole.brackets.push_back(one);
}

delayed_plan::slot* delayed_plan::slot_of(connection_id id)
{
    const auto found = std::ranges::find_if(slots_, [&](const slot& each) {
        return each.is != standing::absent && each.connection == id;
    });
    return found == slots_.end() ? nullptr : &*found;
}

delayed_plan::slot* delayed_plan::slot_of_probe(probe_id id)
{
    const auto found = std::ranges::find_if(
        slots_, [&](const slot& each) { return each.is == standing::asked && each.probe == id; });
    return found == slots_.end() ? nullptr : &*found;
}

}  // namespace deadair::planner
