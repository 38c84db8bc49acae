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

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, patient_store& rows)
    : ageing{io, server, how, rows,
             std::make_unique<planner::age_plan>(how.plan, planner::age_plan::lasting::by_itself)}
{
}

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, patient_store& rows,
               std::unique_ptr<planner::age_plan> busy)
    : how_{std::move(how)},
      rows_{rows},
      busy_{*busy},
      plan_{only(std::move(busy)), numbers_from},
      stay_{io, server, {.server = how_.server}, *this}
{
}

void ageing::stop()
{
    stay_.close_all();
    stay_.stop();
}

void ageing::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
    if (const auto news = event_of(what))
        plan_.on(*news);
}

void ageing::hear(const note::happened& said, nanoseconds at)
{
    rows_.add(store::event{.run = how_.run,
                           .at = at,
                           .kind = std::string{to_string(said.what)},
                           .detail = said.detail});
}

void ageing::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        rows_.add(row_of(*here, how_.run));
}

void ageing::hear(const note::settled& said, nanoseconds at)
{
    rows_.add(row_of(said.probe, said.result, how_.run, at));
}

void ageing::hear(const note::ended& said, nanoseconds at)
{
    rows_.add(row_of(said.seen, said.result, how_.run, at));
}

void ageing::hear(const note::late& said, nanoseconds at)
{
    rows_.add(row_of(said.probe, outcome::late, how_.run, at));
}

void ageing::hear(const note::closed& said, nanoseconds at)
{
    if (const auto* const here = stay_.find(said.connection))
        rows_.add(closing_row(*here, said.client_saw, how_.run, at));
}

void ageing::plan()
{
    for (const auto& todo : plan_.act(stay_.now()))
        std::visit([this](const auto& what) { carry_out(stay_, what); }, todo);
}

}  // namespace deadair::prober
