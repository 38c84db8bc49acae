#include "prober/observation/observation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::observation {

observation::observation(const settings& how, near_end& here)
    : all_{here},
      patience_{how.verdict_after},
      doubted_by_{how.doubted_by},
      probes_{all_, patience_, how.answer_max}
{
}

void observation::open(connection_id number, const path& on)
{
    all_.add(number, on);
    opening_.want(number);
}

void observation::probe(probe_id number, connection_id over, direction way, time at,
                        nanoseconds after)
{
    probes_.ask({.number = number, .over = over, .way = way, .after = after}, up_, at);
    take_from_probes(at);
}

void observation::refresh_by(connection_id number, means how, std::chrono::milliseconds every)
{
    auto* const here = all_.find_joined(number);
    if (here == nullptr)
        return;
    here->quiet.refreshed(how);
    todo_.emplace_back(refresh_connection{number, how, every});
}

void observation::keep(const refresh_within& wanted)
{
    auto* const here = all_.find_joined(wanted.connection);
    if (here == nullptr)
        return;
    here->quiet.refreshed({refresh::tcp_keepalive, wanted.from});
    todo_.emplace_back(wanted);
}

void observation::kept(connection_id number)
{
    if (auto* const here = all_.find(number))
        here->quiet.kept();
}

void observation::close(connection_id number, const std::string& client_saw, time now)
{
    const auto* const here = all_.find(number);
    if (here == nullptr)
        return;
    if (here->joined())
        tell(note::closed{number, client_saw}, now);
    if (here->is != watched::stage::wanted)
        todo_.emplace_back(end_connection{number});
    opening_.forget(number);
    all_.remove(number);
    probes_.forget(number, "the connection was closed while the probe was under way", now);
    take_from_probes(now);
}

void observation::close_all(time now)
{
    probes_.forget_all();
    while (!all_.all().empty())
        close(all_.all().begin()->first, "own", now);
}

void observation::on(const event& seen, time at)
{
    if (over_)
        return;
    std::visit([&](const auto& one) { see(one, at); }, seen);
    take_from_probes(at);
}

std::vector<action> observation::act(time now)
{
    if (!over_) {
        all_.act(now);
        probes_.act(now);
        take_from_probes(now);
        do_opening(now);
    }
    return std::exchange(todo_, {});
}

std::optional<time> observation::wake_at() const
{
    std::optional<time> soonest;
    if (!over_)
        for (const auto& each : {all_.wake_at(), opening_.wake_at(), probes_.wake_at()})
            if (each)
                soonest = std::min(soonest.value_or(*each), *each);
    return soonest;
}

std::vector<noted> observation::take_notes()
{
    return std::exchange(notes_, {});
}

void observation::take_from_probes(time now)
{
    for (auto& each : probes_.take_actions())
        todo_.push_back(std::move(each));
    for (const auto& each : probes_.take_disbelieved())
        disbelieve(each, now);
    for (const auto& each : probes_.take_verdicts()) {
        weigh(each, now);
        take(each, now);
    }
}

// Where every word of the far end contradicts another, or every silence is broken by somebody, a
// run would be void without end.
void observation::weigh(const verdict& one, time now)
{
    auto& this_way = fruitless_one_way_.at(one.probe.way);
    if (one.result != outcome::voided) {
        this_way.told();
        return fruitless_.told();
    }
    const bool could_tell = up_ && all_.find_joined(one.probe.connection) != nullptr;
    if (!could_tell)
        return;
    const bool neither = fruitless_.told_nothing(now);
    if (this_way.told_nothing(now) || neither)
        fail(fmt::format("{} verdicts in a row{} told nothing; the last: {}",
                         neither ? fruitless_.count() : this_way.count(),
                         neither ? "" : fmt::format(" {}", deadair::to_string(one.probe.way)),
                         one.probe.doubt),
             now);
}

void observation::take(const verdict& one, time now)
{
    const auto number = one.probe.connection;
    if (one.taken_back)
        return tell(note::late{one.probe}, now);
    if (one.probe.unprompted) {
        tell(note::ended{one.probe, one.result}, now);
        return close(number,
                     one.probe.by_server ? one.probe.server_saw
                                         : std::string{deadair::to_string(one.result)},
                     now);
    }
    if (outage_.take_answer(one.probe.probe))
        return doubt_answered(one.probe, one.result, now);
    if (one.result == outcome::delivered)
        outage_.delivered(one.probe);
    tell(note::settled{one.probe, one.result}, now);
}

void observation::disbelieve(const std::string& what, time at)
{
    if (const auto text = disbelief_.add(what))
        happened(happening::disbelieved, *text, at);
    if (disbelief_.take_too_much())
        todo_.emplace_back(end_control{"the server reports what cannot be"});
}

void observation::happened(happening what, std::string detail, time at)
{
    tell(note::happened{what, std::move(detail)}, at);
}

void observation::fail(const std::string& why, time at)
{
    over_ = true;
    tell(note::failed{why}, at);
}

}  // namespace deadair::observation
