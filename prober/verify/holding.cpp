#include "prober/verify/holding.hpp"

#include <algorithm>

namespace deadair::prober {

holding::holding(boost::asio::io_context& io, const target& server, settings how,
                 holding_events& user)
    : how_{std::move(how)},
      user_{user},
      holder_{how_.plan},
      session_{io, server, {.server = how_.server}, *this}
{
}

void holding::stop()
{
    session_.close_all();
    session_.stop();
}

nanoseconds holding::last_alive(connection& here) const
{
    const auto facts = here.facts();
    const std::chrono::milliseconds silent{
        std::min(facts.since_data_received_ms, facts.since_ack_received_ms)};
    return session_.now() - silent;
}

void holding::on_begin(const wire::welcome&)
{
    run_ = user_.on_begin();
}

void holding::on_event(const std::string& kind, const std::string& detail)
{
    user_.keep(store::event{.run = run_, .at = session_.now(), .kind = kind, .detail = detail});
    user_.on_event(kind, detail);
}

void holding::on_opened(connection& here)
{
    if (!holder_.is_control(here.number()))
        session_.keep(here, how_.with);
    user_.keep(row_of(here, run_));
    holder_.opened(here.number(), here.idle_since());
}

void holding::on_open_failed(std::uint32_t number)
{
    holder_.open_failed(number, session_.now());
}

void holding::on_settled(const flight& probe, outcome result)
{
    const auto found = under_way_.find(probe.probe);
    if (found == under_way_.end())
        return;
    const auto said = found->second;
    under_way_.erase(found);
    auto* const over = session_.find(said.connection);
    // Without a connection there is no row that it could belong to.
    if (over != nullptr || result != outcome::voided)
        user_.keep(row_of(said, probe, result, run_, session_.now()));
    user_.on_said(said, probe, result, over);
    holder_.settled(said, result, session_.now());
}

void holding::on_ended(const flight& seen, outcome result)
{
    if (auto* here = session_.find(seen.connection)) {
        const bool control = holder_.is_control(seen.connection);
        // It tells of the direction that it was held for.
        auto told = seen;
        told.way = holder_.way_of(seen.connection).value_or(seen.way);
        user_.keep(end_row(*here, told, control, result, run_, session_.now()));
        user_.on_ended(*here, told, result, control);
    }
    holder_.ended(seen.connection, session_.now());
}

void holding::on_closed(connection& here, const std::string& client_saw)
{
    user_.keep(closing_row(here, client_saw, run_, session_.now()));
}

void holding::on_turn()
{
    for (const auto& todo : holder_.act(session_.now())) {
        if (const auto* open = std::get_if<hold::open_connection>(&todo))
            session_.open(open->connection, open->on);
        else if (const auto* close = std::get_if<hold::close_connection>(&todo))
            session_.close(close->connection, "own");
        else if (const auto* said = std::get_if<hold::message>(&todo)) {
            under_way_.emplace(said->number, *said);
            session_.probe(said->number, said->connection, said->way);
        }
    }
    if (holder_.finished() && session_.idle())
        user_.on_done();
}

}  // namespace deadair::prober
