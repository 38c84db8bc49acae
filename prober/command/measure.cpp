#include <fmt/format.h>

#include <cstdio>

#include "analysis/analyse.hpp"
#include "analysis/report/path.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/usage_error.hpp"
#include "prober/command/measure_options.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/measure/measurement.hpp"
#include "prober/server/resolve.hpp"
#include "prober/uploads/measurement.hpp"

namespace deadair::prober {
namespace {

void options(po::options_description& add)
{
    add_server_options(add);
    add_measure_options(add);
    add_record_options(add);
}

measurement::settings settings_of(const measure_options& wanted, const target& server)
{
    measurement::settings how;
    how.plan = wanted.plan;
    how.plan.paths = paths_of(wanted.server, server, wanted.transports);
    how.server = control_of(wanted.server, server, wanted.transports);
    how.refreshes = wanted.refreshes;
    how.fewer_connections = wanted.fewer_connections;
    if (wanted.evidence)
        how.evidence = evidence_watch::settings_of(wanted.server, server);
    return how;
}

exit_code verdict(const analysis& result, store::run_state state)
{
    if (state == store::run_state::interrupted)
        return exit_code::interrupted;
    for (const auto& each : result.findings)
        if (each.kind != estimate::finding_kind::inconclusive)
            return exit_code::done;
    return exit_code::inconclusive;
}

// A few uploads on connections and a stay of their own, once the search is over, so that nothing
// disturbs the silent ones. They belong to the same run and its clock.
void upload_a_little(boost::asio::io_context& io, const target& server,
                     const measure_options& wanted, store::run_id within, const run_clock& clock,
                     store::database& into)
{
    uploads::measurement::settings how;
    how.what = uploads::short_form();
    how.what.paths = paths_of(wanted.server, server, wanted.transports);
    how.server = control_of(wanted.server, server, wanted.transports);
    how.within = within;
    how.clock = clock;
    uploads::measurement one{io, server, std::move(how), into};
    run_until_over(io, one);
}

exit_code conclude(store::database& into, const measurement::ending_of_measurement& ended,
                   const measure_options& wanted)
{
    if (ended.bad_input)
        throw usage_error(ended.failure);
    if (!ended.failure.empty()) {
        fmt::print(stderr, "deadair-prober: {}: {}\n", wanted.server.endpoint(), ended.failure);
        return ended.interrupted ? exit_code::interrupted : exit_code::failed;
    }
    const auto result = analyse(into, *ended.id, into.conditions(*ended.id));
    fmt::print(
        "{}\n{}\n{}\nresults: {}, run {}; deadair-analysis findings --db {} shows them again\n",
        report::findings_text(result.findings), report::recommendations_text(result.settings),
        report::path_text(into.path_samples(*ended.id)), wanted.record.database.string(), *ended.id,
        wanted.record.database.string());
    return verdict(result, ended.state);
}

exit_code measure(const arguments& from)
{
    const auto wanted = read_measure_options(from.given);
    raise_file_limit(wanted.plan.connections);
    boost::asio::io_context io{1};
    const auto context = net::make_client_context(wanted.server.whom);
    auto server = resolve(io, wanted.server);
    server.context = context.get();
    auto how = settings_of(wanted, server);
    how.description = describe_run(wanted.server, wanted.record, from.asked, options_json(wanted));
    if (const auto refusal = planner::refuse(how.plan))
        throw usage_error(*refusal);
    auto into = store::database::open(wanted.record.database);
    progress show{wanted.record.show};
    measurement one{io, server, std::move(how), into, show};
    run_until_over(io, one);
    const auto& ended = one.ending();
    if (wanted.uploads && ended.id && ended.state == store::run_state::finished)
        upload_a_little(io, server, wanted, *ended.id, one.clock(), into);
    return conclude(into, ended, wanted);
}

}  // namespace

const command measure_command{
    "measure", "measures after how much silence a connection is forgotten", options, measure};

}  // namespace deadair::prober
