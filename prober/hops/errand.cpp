#include "prober/hops/errand.hpp"

#include "prober/measure/plan_events.hpp"

namespace deadair::prober::hops {

errand::errand(boost::asio::io_context& io, const target& server, stay::settings how,
               std::uint32_t first, errand_events& user)
    : first_{first}, user_{user}, stay_{io, server, std::move(how), *this}
{
}

void errand::begin(const hops_plan::plan& of, const std::vector<hops_plan::trial>& what)
{
    course_.emplace(of, what, stay_.now());
}

void errand::stop()
{
    stay_.close_all();
    stay_.stop();
}

// The course counts from 1, the run from where others have left off.
void errand::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
    auto news = event_of(what);
    if (!news || !course_)
        return;
    std::visit(
        [&](auto& one) {
            if constexpr (requires { one.connection; })
                one.connection -= first_;
            else if constexpr (requires { one.probe; })
                one.probe -= first_;
        },
        *news);
    course_->on(*news);
}

void errand::hear(const note::begun& said, nanoseconds)
{
    into_ = &user_.on_begin(*this, said.connections_max);
}

void errand::hear(const note::happened& said, nanoseconds at)
{
    into_->happened(at, said.what, said.detail);
}

void errand::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        into_->opened(here->as_opened());
}

void errand::hear(const note::settled& said, nanoseconds at)
{
    settled(said.probe, said.result, at);
}

void errand::hear(const note::ended& said, nanoseconds at)
{
    settled(said.seen, said.result, at);
}

void errand::hear(const note::closed& said, nanoseconds at)
{
    if (auto* const here = stay_.find(said.connection))
        into_->closed(here->number(), said.client_saw, at);
}

void errand::settled(const flight& probe, outcome result, nanoseconds at)
{
    if (!course_ || probe.connection <= first_)
        return;
    const auto& what = course_->trial_of(probe.connection - first_);
    user_.on_settled(*this, {.connection_id = probe.connection,
                             .from = what.from,
                             .hops = what.hops,
                             .idle_age = probe.idle_age,
                             .sent = probe.sent,
                             .verdict = at,
                             .result = result,
                             .void_reason = result == outcome::voided ? probe.doubt : ""});
}

void errand::plan()
{
    if (!course_)
        return;
    for (const auto& todo : course_->act(stay_.now()))
        std::visit([this](const auto& one) { carry_out(one); }, todo);
    if (course_->finished() && stay_.seen().idle())
        user_.on_done(*this);
}

std::optional<nanoseconds> errand::wake_at() const
{
    return course_ ? course_->wake_at() : std::nullopt;
}

void errand::carry_out(const planner::open_connection& todo)
{
    stay_.open(first_ + todo.connection, todo.on);
}

void errand::carry_out(const hops_plan::start_keepalives& todo)
{
    stay_.keep({.connection = first_ + todo.connection,
                .from = todo.from,
                .hops = todo.hops,
                .every = todo.every});
}

void errand::carry_out(const planner::send_probe& todo)
{
    stay_.probe(first_ + todo.probe, first_ + todo.connection, direction::to_client);
}

}  // namespace deadair::prober::hops
