#include "prober/watch/ageing.hpp"

#include "prober/measure/carry_out.hpp"
#include "prober/measure/plan_events.hpp"

namespace deadair::prober {

namespace {

// The watch holds connections of its own, numbered from 1, and writes into the same run.
constexpr std::uint32_t numbers_from = 0x3000'0000;

std::vector<std::unique_ptr<planner::part>> only(std::unique_ptr<planner::part> one)
{
    std::vector<std::unique_ptr<planner::part>> parts;
    parts.push_back(std::move(one));
    return parts;
}

}  // namespace

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, record& into)
    : ageing{io, server, how, into,
             std::make_unique<planner::age_plan>(how.plan, planner::age_plan::lasting::by_itself)}
{
}

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, record& into,
               std::unique_ptr<planner::age_plan> busy)
    : ledger_{into, std::move(how.description)},
      busy_{*busy},
      plan_{only(std::move(busy)), numbers_from},
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
    if (const auto news = event_of(what))
        plan_.on(*news);
}

void ageing::hear(const note::happened& said, nanoseconds at)
{
    ledger_.happened(at, said.what, said.detail);
}

void ageing::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_.opened(here->as_opened());
}

void ageing::hear(const note::settled& said, nanoseconds at)
{
    ledger_.settled(said.probe, said.result, at);
}

void ageing::hear(const note::ended& said, nanoseconds at)
{
    ledger_.settled(said.seen, said.result, at);
}

void ageing::hear(const note::late& said, nanoseconds at)
{
    ledger_.settled(said.probe, outcome::late, at);
}

void ageing::hear(const note::closed& said, nanoseconds at)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_.closed(here->number(), said.client_saw, at);
}

void ageing::plan()
{
    for (const auto& todo : plan_.act(stay_.now()))
        std::visit([this](const auto& what) { carry_out(stay_, what); }, todo);
}

}  // namespace deadair::prober
