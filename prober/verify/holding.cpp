#include "prober/verify/holding.hpp"

#include <algorithm>

namespace deadair::prober {

holding::holding(boost::asio::io_context& io, const target& server, settings how,
                 holding_events& user)
    : how_{std::move(how)},
      user_{user},
      holder_{how_.plan},
      stay_{io, server, {.server = how_.server}, *this}
{
}

void holding::stop()
{
    stay_.close_all();
    stay_.stop();
}

nanoseconds holding::last_alive(connection& here) const
{
    const auto facts = here.facts();
    const std::chrono::milliseconds silent{
        std::min(facts.since_data_received_ms, facts.since_ack_received_ms)};
    return stay_.now() - silent;
}

void holding::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
}

void holding::hear(const note::begun&, nanoseconds)
{
    into_ = &user_.on_begin();
}

void holding::hear(const note::happened& said, nanoseconds at)
{
    into_->happened(at, said.what, said.detail);
    user_.on_event(said.what, said.detail);
}

void holding::hear(const note::opened& said, nanoseconds)
{
    auto* const here = stay_.find(said.connection);
    if (here == nullptr)
        return;
    if (!holder_.is_unprotected(said.connection))
        stay_.keep(*here, how_.with);
    into_->opened(here->as_opened());
    holder_.opened(said.connection, said.idle_since);
}

void holding::hear(const note::open_failed& said, nanoseconds at)
{
    holder_.open_failed(said.connection, at);
}

void holding::hear(const note::settled& told, nanoseconds at)
{
    const auto found = under_way_.find(told.probe.probe);
    if (found == under_way_.end())
        return;
    const auto said = found->second;
    under_way_.erase(found);
    auto* const over = stay_.find(said.connection);
    // Without a connection there is no row that it could belong to.
    if (over != nullptr || told.result != outcome::voided)
        into_->keep(row_of(said, told.probe, told.result, at));
    user_.on_said(said, told.probe, told.result, over);
    holder_.settled(said, told.result, at);
}

void holding::hear(const note::ended& said, nanoseconds at)
{
    const auto number = said.seen.connection;
    if (auto* here = stay_.find(number)) {
        const bool unprotected = holder_.is_unprotected(number);
        // It tells of the direction that it was held for.
        auto told = said.seen;
        told.way = holder_.way_of(number).value_or(told.way);
        into_->keep(end_row(*here, told, unprotected, said.result, at));
        user_.on_ended(*here, told, said.result, unprotected);
    }
    holder_.ended(number, at);
}

void holding::hear(const note::closed& said, nanoseconds at)
{
    if (auto* const here = stay_.find(said.connection))
        into_->closed(here->number(), said.client_saw, at);
}

void holding::plan()
{
    for (const auto& todo : holder_.act(stay_.now())) {
        if (const auto* open = std::get_if<hold::open_connection>(&todo))
            stay_.open(open->connection, open->on);
        else if (const auto* close = std::get_if<hold::close_connection>(&todo))
            stay_.close(close->connection, "own");
        else if (const auto* said = std::get_if<hold::message>(&todo)) {
            under_way_.emplace(said->number, *said);
            stay_.probe(said->number, said->connection, said->way);
        }
    }
    if (holder_.finished() && stay_.seen().idle())
        user_.on_done();
}

}  // namespace deadair::prober
