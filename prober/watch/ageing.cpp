#include "prober/watch/ageing.hpp"

#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

ageing::ageing(boost::asio::io_context& io, const target& server, settings how, patient_store& rows)
    : how_{std::move(how)},
      rows_{rows},
      plan_{how_.plan},
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
    plan_.on(planner::opened{said.connection, said.idle_since});
}

void ageing::hear(const note::open_failed& said, nanoseconds at)
{
    plan_.on(planner::open_failed{said.connection, at});
}

void ageing::hear(const note::settled& said, nanoseconds at)
{
    rows_.add(row_of(said.probe, said.result, how_.run, at));
    plan_.on(settled_event(said.probe, said.result));
}

void ageing::hear(const note::ended& said, nanoseconds at)
{
    rows_.add(row_of(said.seen, said.result, how_.run, at));
    plan_.on(ended_event(said.seen, said.result));
}

void ageing::hear(const note::voided& said, nanoseconds at)
{
    plan_.on(voided_event(said.connection, at));
}

void ageing::hear(const note::late& said, nanoseconds at)
{
    rows_.add(row_of(said.probe, outcome::late, how_.run, at));
    plan_.on(late_event(said.probe, at));
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
