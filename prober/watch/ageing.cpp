#include "prober/watch/ageing.hpp"

#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, record& into)
    : ledger_{into, std::move(how.description)},
      plan_{how.plan},
      session_{io, server, {.server = std::move(how.server)}, *this}
{
}

void ageing::stop()
{
    session_.close_all();
    session_.stop();
    ledger_.end(store::run_state::finished);
}

void ageing::on_event(const std::string& kind, const std::string& detail)
{
    ledger_.happened(session_.now(), kind, detail);
}

void ageing::on_opened(connection& here)
{
    ledger_.opened(here);
    plan_.on(planner::opened{here.number(), here.idle_since()});
}

void ageing::on_open_failed(std::uint32_t number)
{
    plan_.on(planner::open_failed{number, session_.now()});
}

void ageing::on_settled(const flight& probe, outcome result)
{
    ledger_.settled(probe, result, session_.now());
    plan_.on(settled_event(probe, result));
}

void ageing::on_ended(const flight& seen, outcome result)
{
    ledger_.settled(seen, result, session_.now());
    plan_.on(ended_event(seen, result));
}

void ageing::on_voided(std::uint32_t number)
{
    plan_.on(voided_event(number, session_.now()));
}

void ageing::on_late(const flight& probe)
{
    ledger_.settled(probe, outcome::late, session_.now());
    plan_.on(late_event(probe, session_.now()));
}

void ageing::on_closed(connection& here, const std::string& client_saw)
{
    ledger_.closed(here, client_saw, session_.now());
}

void ageing::on_turn()
{
    for (const auto& todo : plan_.act(session_.now()))
        std::visit([this](const auto& what) { carry_out(session_, what); }, todo);
}

}  // namespace deadair::prober
