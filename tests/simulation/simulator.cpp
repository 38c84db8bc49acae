#include "tests/simulation/simulator.hpp"

#include <algorithm>
#include <utility>

#include "prober/measure/plan_events.hpp"
#include "tests/simulation/stay.hpp"

namespace deadair::simulation {

namespace {

namespace note = observation::note;

// No run may take more steps: a plan that spins fails its test.
constexpr int steps_max = 4'000'000;

// The place of `prober/measure` and of the record in a run.
class measurement {
public:
    measurement(const planner::plan& of, parts all, middlebox& box, const network& net,
                std::uint64_t seed)
        : directions_{of.directions},
          around_{box, net, seed},
          observation_{{.verdict_after = of.verdict_after}, around_},
          plan_{std::move(all)}
    {
    }

    record run();

private:
    time now() { return around_.when().now(); }
    void turn();
    void tell();
    void plan();
    std::optional<time> next();
    bool over() { return plan_.finished() && observation_.idle(); }

    void ask(const planner::open_connection& todo);
    void ask(const planner::start_refresh& todo);
    void ask(const planner::send_probe& todo);
    void ask(const planner::close_connection& todo);

    void keep(const observation::noted& what);
    void keep(const observation::flight& probe, outcome result, time at);

    std::vector<direction> directions_;
    stay around_;
    observation::observation observation_;
    planner::programme plan_;
    std::map<flow_id, time> opened_at_;
    bool told_{};
    record record_;
};

void measurement::turn()
{
    for (const auto& each : around_.take_letters())
        observation_.on(each.what, each.at);
    tell();
    const auto wake = plan_.wake_at();
    if (observation_.begun() && (std::exchange(told_, false) || (wake && *wake <= now())))
        plan();
    const auto todo = observation_.act(now());
    tell();
    for (const auto& each : todo) {
        if (const auto* const begun = std::get_if<observation::connect>(&each))
            opened_at_[begun->connection] = now();
        around_.carry_out(each);
    }
}

void measurement::tell()
{
    for (const auto& each : observation_.take_notes()) {
        keep(each);
        if (const auto news = prober::event_of(each)) {
            plan_.on(*news);
            told_ = true;
        }
        told_ = told_ || std::holds_alternative<note::begun>(each.what);
        if (const auto* const failed = std::get_if<note::failed>(&each.what))
            record_.failure = failed->why;
        record_.notes.push_back(each);
    }
}

void measurement::plan()
{
    for (const auto& todo : plan_.act(now()))
        std::visit([this](const auto& one) { ask(one); }, todo);
}

void measurement::ask(const planner::open_connection& todo)
{
    ++record_.opened;
    record_.paths[todo.connection] = todo.on;
    observation_.open(todo.connection, todo.on);
}

void measurement::ask(const planner::start_refresh& todo)
{
    observation_.refresh_by(todo.connection, todo.how, todo.every);
}

void measurement::ask(const planner::send_probe& todo)
{
    ++record_.probes;
    observation_.probe(todo.probe, todo.connection, todo.way, now());
}

void measurement::ask(const planner::close_connection& todo)
{
    observation_.close(todo.connection, "own", now());
}

void measurement::keep(const observation::noted& what)
{
    if (std::holds_alternative<note::opened>(what.what)) {
        record_.most_open = std::max(record_.most_open, observation_.waiting());
    } else if (const auto* const settled = std::get_if<note::settled>(&what.what)) {
        keep(settled->probe, settled->result, what.at);
    } else if (const auto* const late = std::get_if<note::late>(&what.what)) {
        std::erase_if(record_.seen, [&](const estimate::observation& each) {
            return each.connection_id == late->probe.connection && each.result == outcome::lost;
        });
        keep(late->probe, outcome::late, what.at);
    } else if (const auto* const ended = std::get_if<note::ended>(&what.what)) {
        // It tells of both directions: the binding, or whoever held it, ended the connection.
        auto seen = ended->seen;
        for (const auto way : directions_) {
            seen.way = way;
            keep(seen, ended->result, what.at);
        }
    }
}

// As it comes from the tables of the record.
void measurement::keep(const observation::flight& probe, outcome result, time at)
{
    const auto number = probe.connection;
    const bool answered = result == outcome::delivered || result == outcome::voided;
    estimate::observation one;
    one.where = {.on = record_.paths[number], .way = probe.way, .how = probe.how};
    one.connection_id = number;
    one.local_port = around_.port_of(number);
    one.idle_age = probe.idle_age;
    one.idle_age_error = probe.idle_age_error;
    one.result = result;
    one.unprompted = probe.unprompted;
    one.unanswered = answered ? 0 : probe.retransmitted + 1;
    one.settled_at = at;
    one.sent_at = probe.sent;
    one.connection_age = probe.sent - opened_at_[number];
    one.disturbed = probe.doubt.ends_with("during the silence");
    if (probe.left && !probe.unprompted)
        one.retransmitted_before = probe.retransmitted_before;
    record_.seen.push_back(one);
}

std::optional<time> measurement::next()
{
    auto soonest = around_.when().next();
    const auto planned = observation_.begun() ? plan_.wake_at() : std::nullopt;
    for (const auto& each : {observation_.wake_at(), planned})
        if (each)
            soonest = std::min(soonest.value_or(*each), *each);
    if (around_.has_letters() || told_)
        soonest = now();
    return soonest;
}

record measurement::run()
{
    around_.start();
    for (int step = 0; step < steps_max && record_.failure.empty() && !over(); ++step) {
        const auto wake = next();
        if (!wake)
            break;
        around_.when().go_on_to(*wake);
        turn();
    }
    record_.finished = over();
    record_.ended_at = now();
    return std::move(record_);
}

}  // namespace

record run(const planner::wanted_of_run& wanted, middlebox& box, const network& net,
           std::uint64_t seed)
{
    return measurement{wanted.search, planner::parts_of(wanted), box, net, seed}.run();
}

record run(parts all, middlebox& box, const network& net, std::uint64_t seed)
{
    const planner::plan of{.paths = {}, .directions = {direction::to_client}};
    return measurement{of, std::move(all), box, net, seed}.run();
}

record run(const planner::plan& wanted, middlebox& box, const network& net, std::uint64_t seed)
{
    return run(planner::wanted_of_run{.search = wanted, .refreshes = {}}, box, net, seed);
}

}  // namespace deadair::simulation
