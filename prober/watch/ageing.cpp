#include "prober/watch/ageing.hpp"

#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, record& into)
    : ledger_{into, std::move(how.description)},
      plan_{how.plan},
      stay_{io, server, {.server = std::move(how.server)}, *this}
{
}

void ageing::stop()
{
    stay_.close_all();
    stay_.stop();
    ledger_.end(store::run_state::finished);
}

void ageing::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
}

void ageing::hear(const note::happened& said, nanoseconds at)
{
    ledger_.happened(at, said.what, said.detail);
}

void ageing::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_.opened(*here);
    plan_.on(planner::opened{said.connection, said.idle_since});
}

void ageing::hear(const note::open_failed& said, nanoseconds at)
{
    plan_.on(planner::open_failed{said.connection, at});
}

void ageing::hear(const note::settled& said, nanoseconds at)
{
    ledger_.settled(said.probe, said.result, at);
    plan_.on(settled_event(said.probe, said.result));
}

void ageing::hear(const note::ended& said, nanoseconds at)
{
    ledger_.settled(said.seen, said.result, at);
    plan_.on(ended_event(said.seen, said.result));
}

void ageing::hear(const note::voided& said, nanoseconds at)
{
    plan_.on(voided_event(said.connection, at));
}

void ageing::hear(const note::late& said, nanoseconds at)
{
    ledger_.settled(said.probe, outcome::late, at);
    plan_.on(late_event(said.probe, at));
}

void ageing::hear(const note::closed& said, nanoseconds at)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_.closed(*here, said.client_saw, at);
}

void ageing::plan()
{
    for (const auto& todo : plan_.act(stay_.now()))
        std::visit([this](const auto& what) { carry_out(stay_, what); }, todo);
}

}  // namespace deadair::prober
