#include "prober/watch/ageing.hpp"

#include "prober/measure/carry_out.hpp"

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
      session_{io, server, {.server = how_.server}, *this}
{
}

void ageing::stop()
{
    session_.close_all();
    session_.stop();
}

void ageing::on_event(const std::string& kind, const std::string& detail)
{
    rows_.add(store::event{.run = how_.run, .at = session_.now(), .kind = kind, .detail = detail});
}

void ageing::on_opened(connection& here)
{
    rows_.add(row_of(here, how_.run));
    plan_.on(planner::opened{here.number(), here.idle_since()});
}

void ageing::on_open_failed(std::uint32_t number)
{
    plan_.on(planner::open_failed{number, session_.now()});
}

void ageing::on_settled(const flight& probe, outcome result)
{
    rows_.add(row_of(probe, result, how_.run, session_.now()));
    plan_.on(settled_event(probe, result));
}

void ageing::on_ended(const flight& seen, outcome result)
{
    rows_.add(row_of(seen, result, how_.run, session_.now()));
    plan_.on(ended_event(seen, result));
}

void ageing::on_voided(std::uint32_t number)
{
    plan_.on(voided_event(number, session_.now()));
}

void ageing::on_late(const flight& probe)
{
    rows_.add(row_of(probe, outcome::late, how_.run, session_.now()));
    plan_.on(late_event(probe, session_.now()));
}

void ageing::on_closed(connection& here, const std::string& client_saw)
{
    rows_.add(closing_row(here, client_saw, how_.run, session_.now()));
}

void ageing::on_turn()
{
    for (const auto& todo : plan_.act(session_.now()))
        std::visit([this](const auto& what) { carry_out(session_, what); }, todo);
}

}  // namespace deadair::prober
