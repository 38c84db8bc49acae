#include "tests/simulation/simulator.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <utility>

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
using planner::time;

// When the packets of one probe leave: Linux doubles its retransmission timeout each time.
constexpr std::array<nanoseconds, 7> sent_after{0ms, 250ms, 750ms, 1750ms, 3750ms, 7750ms, 15750ms};
// Until an outage is noticed, and until it is believed to be over.
constexpr nanoseconds notice_after = 1s;
constexpr nanoseconds trust_after = 500ms;
// No run may take more steps: a planner that spins fails its test.
constexpr int steps_max = 2'000'000;
constexpr nanoseconds clock_error = 1ms;

struct flight {
    planner::probe_id probe{};
    planner::connection_id connection{};
    direction way{};
    nanoseconds age{};
    time sent{};
    std::uint32_t packets{};
    bool settled{};
    bool arrived{};
};

struct held {
    binding state;
    path on;
    nanoseconds silent_since{};
    time opened_at{};
    bool open{true};
};

class simulator {
public:
    simulator(const planner::plan& wanted, const middlebox& box, const network& net,
              std::uint64_t seed)
        : wanted_{wanted},
          box_{box},
          net_{net},
          random_{seed},
          plan_{planner::parts_of({wanted, {}})}
    {
    }

    record run();

private:
    struct event {
        time at{};
        std::uint64_t order{};
        std::function<void()> act;
        bool operator<(const event& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void at(time when, std::function<void()> act) { queue_.push({when, ++order_, std::move(act)}); }
    void schedule_troubles();
    void do_actions();
    void open(const planner::open_connection& what);
    void opened(planner::connection_id id, path on);
    void make_room();
    void watch_expiry(planner::connection_id id);
    void probe(const planner::send_probe& what);
    void packet(const std::shared_ptr<flight>& of);
    void arrive(const std::shared_ptr<flight>& of);
    void verdict(const std::shared_ptr<flight>& of);
    void settle(flight& of, outcome result);
    void restart();
    void wake_up();
    void void_all();
    /// The middlebox's clock, which goes on while the prober's host sleeps.
    nanoseconds far_now() const { return now_ + slept_; }
    /// Scattered, as a kernel chooses them: not in step with the paths, which take turns.
    static std::uint16_t port_of(planner::connection_id id)
    {
        return static_cast<std::uint16_t>(20000 + (id * 2654435761U >> 16) % 20000);
    }
    void record_end(planner::connection_id id, outcome how);
    bool blocked() const;
    bool troubled_since(time since) const;
    bool lost() { return std::bernoulli_distribution{net_.loss}(random_); }
    stratum stratum_of(planner::connection_id id, direction way) const
    {
        stratum where;
        where.on = held_.at(id).on;
        where.way = way;
        return where;
    }

    const planner::plan& wanted_;
    const middlebox& box_;
    const network& net_;
    random_source random_;
    planner::programme plan_;
    std::priority_queue<event> queue_;
    std::map<planner::connection_id, held> held_;
    std::uint64_t order_{};
    std::uint32_t open_now_{};
    time now_{};
    nanoseconds slept_{};
    record record_;
};

bool any_holds(const std::vector<span_of_time>& spans, time now)
{
    return std::ranges::any_of(spans, [&](const span_of_time& each) { return each.holds(now); });
}

bool simulator::blocked() const
{
    return any_holds(net_.outages, now_) || any_holds(net_.bursts, now_);
}

bool simulator::troubled_since(time since) const
{
    return std::ranges::any_of(net_.outages, [&](const span_of_time& each) {
        return each.from <= now_ && since < each.to + trust_after;
    });
}

void simulator::schedule_troubles()
{
    for (const auto& each : net_.outages) {
        at(each.from + notice_after, [this] { plan_.on(planner::outage_began{now_}); });
        at(std::max(each.to, each.from + notice_after) + trust_after,
           [this] { plan_.on(planner::outage_ended{now_}); });
    }
    if (net_.server_restart)
        at(*net_.server_restart, [this] { restart(); });
    if (net_.suspended_at)
        at(*net_.suspended_at, [this] { wake_up(); });
}

void simulator::void_all()
{
    for (auto& [id, each] : held_)
        if (each.open)
            record_end(id, outcome::voided);
}

// While the host slept, idle ages grew and its clock stood still.
void simulator::wake_up()
{
    slept_ += net_.suspended_for;
    void_all();
}

// Every connection ends, and nobody may take that for the middlebox.
void simulator::restart()
{
    plan_.on(planner::outage_began{now_});
    void_all();
    at(now_ + 2s, [this] { plan_.on(planner::outage_ended{now_}); });
}

void simulator::record_end(planner::connection_id id, outcome how)
{
    auto& each = held_.at(id);
    each.open = false;
    --open_now_;
    const auto age = now_ - each.silent_since;
    for (const auto way : wanted_.directions)
        record_.seen.push_back({.where = stratum_of(id, way),
                                .connection_id = id,
                                .local_port = port_of(id),
                                .idle_age = age,
                                .idle_age_error = clock_error,
                                .result = how,
                                .unprompted = true,
                                .unanswered = 1,
                                .settled_at = now_,
                                .connection_age = now_ - each.opened_at});
    plan_.on(planner::ended{id, how, age, now_});
}

void simulator::open(const planner::open_connection& what)
{
    ++record_.opened;
    if (blocked()) {
        at(now_ + 1s, [this, what] { plan_.on(planner::open_failed{what.connection, now_}); });
        return;
    }
    at(now_ + 3 * net_.round_trip, [this, what] { opened(what.connection, what.on); });
}

void simulator::opened(planner::connection_id id, path on)
{
    make_room();
    held_.emplace(id, held{binding{box_, far_now(), port_of(id), random_}, on, now_, now_});
    record_.most_open = std::max(record_.most_open, ++open_now_);
    record_.last_scheduled_open = now_;
    plan_.on(planner::opened{id, now_});
    watch_expiry(id);
}

void simulator::make_room()
{
    if (box_.capacity == 0)
        return;
    std::vector<held*> living;
    for (auto& [id, each] : held_)
        if (each.open && each.state.lives(far_now(), direction::to_server))
            living.push_back(&each);
    if (living.size() >= box_.capacity)
        (*std::ranges::min_element(living, {}, [](const held* each) {
            return each->state.last_packet();
        }))->state.evict();
}

// A middlebox that closes does so by itself, the moment the binding expires.
void simulator::watch_expiry(planner::connection_id id)
{
    if (box_.then != at_expiry::closes)
        return;
    at(held_.at(id).state.expires_at(direction::to_client) - slept_, [this, id] {
        auto& each = held_.at(id);
        if (!each.open)
            return;
        if (each.state.lives(far_now(), direction::to_client))
            watch_expiry(id);
        else
            record_end(id, outcome::closed);
    });
}

void simulator::probe(const planner::send_probe& what)
{
    ++record_.probes;
    const auto of = std::make_shared<flight>();
    of->probe = what.probe;
    of->connection = what.connection;
    of->way = what.way;
    of->age = now_ - held_.at(what.connection).silent_since;
    of->sent = now_;
    for (const auto after : sent_after)
        at(now_ + after, [this, of] { packet(of); });
    at(now_ + wanted_.verdict_after, [this, of] { verdict(of); });
}

void simulator::packet(const std::shared_ptr<flight>& of)
{
    auto& over = held_.at(of->connection);
    if (of->arrived || !over.open)
        return;
    if (!of->settled)
        ++of->packets;
    if (blocked() || lost())
        return;
    if (!over.state.lives(far_now(), of->way)) {
        if (box_.then == at_expiry::resets && !of->settled)
            at(now_ + net_.round_trip, [this, of] { settle(*of, outcome::reset); });
        if (!box_.loose || of->way == direction::to_client)
            return;
    }
    over.state.refresh(far_now(), of->way, random_);
    if (!lost())
        at(now_ + net_.round_trip, [this, of] { arrive(of); });
}

void simulator::arrive(const std::shared_ptr<flight>& of)
{
    auto& over = held_.at(of->connection);
    if (of->arrived || !over.open)
        return;
    of->arrived = true;
    over.state.refresh(far_now(), of->way, random_);
    over.silent_since = now_;
    if (!of->settled)
        return settle(*of, outcome::delivered);
    const auto seen = std::ranges::find_if(record_.seen, [&](const auto& each) {
        return each.connection_id == of->connection && each.result == outcome::lost;
    });
    if (seen != record_.seen.end())
        seen->result = outcome::late;
    plan_.on(planner::settled{of->probe, outcome::late, of->age, now_, of->packets});
}

void simulator::verdict(const std::shared_ptr<flight>& of)
{
    if (of->settled)
        return;
    if (any_holds(net_.outages, now_))
        at(now_ + 100ms, [this, of] { verdict(of); });
    else
        settle(*of, troubled_since(of->sent) ? outcome::voided : outcome::lost);
}

void simulator::settle(flight& of, outcome result)
{
    if (of.settled || !held_.at(of.connection).open)
        return;
    of.settled = true;
    record_.seen.push_back({.where = stratum_of(of.connection, of.way),
                            .connection_id = of.connection,
                            .local_port = port_of(of.connection),
                            .idle_age = of.age,
                            .idle_age_error = clock_error,
                            .result = result,
                            .unprompted = false,
                            .unanswered = of.packets,
                            .settled_at = now_,
                            .connection_age = of.sent - held_.at(of.connection).opened_at});
    plan_.on(planner::settled{of.probe, result, of.age, now_, of.packets});
}

void simulator::do_actions()
{
    for (const auto& each : plan_.act(now_)) {
        if (const auto* up = std::get_if<planner::open_connection>(&each))
            open(*up);
        else if (const auto* send = std::get_if<planner::send_probe>(&each))
            probe(*send);
        else if (const auto* end = std::get_if<planner::close_connection>(&each)) {
            const auto found = held_.find(end->connection);
            if (found != held_.end() && std::exchange(found->second.open, false))
                --open_now_;
        }
    }
}

record simulator::run()
{
    schedule_troubles();
    for (int step = 0; step < steps_max && !plan_.finished(); ++step) {
        do_actions();
        const auto wake = plan_.wake_at();
        if (queue_.empty() && !wake)
            break;
        if (queue_.empty() || (wake && *wake < queue_.top().at)) {
            now_ = std::max(now_, *wake);
            continue;
        }
        now_ = queue_.top().at;
        const auto act = queue_.top().act;
        queue_.pop();
        act();
    }
    record_.finished = plan_.finished();
    record_.ended_at = now_;
    return std::move(record_);
}

}  // namespace

record run(const planner::plan& wanted, const middlebox& box, const network& net,
           std::uint64_t seed)
{
    return simulator{wanted, box, net, seed}.run();
}

}  // namespace deadair::simulation
