#include "tests/simulation/years/book.hpp"

#include <stdexcept>

#include "prober/session/run_clock.hpp"

namespace deadair::simulation {

namespace note = observation::note;

book::book(const std::filesystem::path& file)
    : file_{store::database::open(file)},
      record_{loop_,
              file,
              {.failing = [](const std::string& why) { throw std::runtime_error{why}; },
               .works_again = {}},
              prober::endless}
{
    store::watch begun;
    begun.started_at = prober::utc_now();
    watch_ = file_.begin_watch(begun);
}

prober::ledger& book::begin(const char* command)
{
    store::run described;
    described.label = "years";
    described.command = command;
    described.watch = watch_;
    run_ = std::make_unique<prober::ledger>(record_, std::move(described));
    return *run_;
}

void book::surroundings(const record& of, prober::ledger& into)
{
    for (const auto& each : of.notes)
        if (const auto* const opened = std::get_if<note::opened>(&each.what)) {
            store::connection row;
            row.connection_id = opened->connection;
            row.on = of.paths.at(opened->connection);
            row.opened = opened->idle_since;
            into.keep(std::move(row));
        } else if (const auto* const told = std::get_if<note::happened>(&each.what))
            into.happened(each.at, told->what, told->detail);
}

void book::held(const record& stretch)
{
    auto& into = begin("watch");
    surroundings(stretch, into);
    for (const auto& each : stretch.notes) {
        const auto* const settled = std::get_if<note::settled>(&each.what);
        if (settled == nullptr)
            continue;
        const auto& said = settled->probe;
        into.keep(store::message{.message_id = said.probe,
                                 .connection_id = said.connection,
                                 .way = said.way,
                                 .quiet = said.idle_age,
                                 .sent = said.sent,
                                 .verdict = each.at,
                                 .result = settled->result,
                                 .void_reason = said.doubt});
    }
    into.end(store::run_state::finished);
}

prober::learned book::measured(const record& run)
{
    auto& into = begin("measure");
    surroundings(run, into);
    for (const auto& each : run.notes)
        if (const auto* const settled = std::get_if<note::settled>(&each.what))
            into.settled(settled->probe, settled->result, each.at);
        else if (const auto* const late = std::get_if<note::late>(&each.what))
            into.settled(late->probe, outcome::late, each.at);
        else if (const auto* const ended = std::get_if<note::ended>(&each.what))
            into.settled(ended->seen, ended->result, each.at);
    into.end(store::run_state::finished);
    record_.finish();
    loop_.restart();
    loop_.poll();
    return prober::analysed(file_, into.run().value());
}

void book::incident(store::incident what)
{
    what.noticed_at = prober::utc_now();
    run_->keep(std::move(what));
}

void book::end()
{
    record_.write(
        [which = watch_](store::database& into) { into.end_watch(which, prober::utc_now()); });
    record_.finish();
}

}  // namespace deadair::simulation
