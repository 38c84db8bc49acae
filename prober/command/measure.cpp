#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/exit_error.hpp"
#include "analysis/words/usage_error.hpp"
#include "prober/command/conclude.hpp"
#include "prober/command/measure_options.hpp"
#include "prober/command/measure_url.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/hops/looked_for.hpp"
#include "prober/measure/measurement.hpp"
#include "prober/server/resolve.hpp"
#include "prober/uploads/measurement.hpp"

namespace deadair::prober {
namespace {

void options_of_measure(po::options_description& add)
{
    add_measure_options(add);
    add_url_options(add);
    add_record_options(add);
    add_result_options(add);
    add_server_options(add);
}

measurement::settings settings_of(boost::asio::io_context& io, const measure_options& wanted,
                                  const target& server)
{
    measurement::settings how;
    how.plan = wanted.plan;
    how.plan.paths = paths_of(wanted.server, server, wanted.transports);
    how.stay_at = stay_at(io, server, control_of(wanted.server, server, wanted.transports));
    how.refreshes = wanted.refreshes;
    how.fewer_connections = wanted.fewer_connections;
    if (wanted.evidence)
        how.evidence = evidence_watch::settings_of(wanted.server, server);
    return how;
}

void show_phase(progress& show, const run_clock& clock, std::string_view phase)
{
    snapshot now;
    now.elapsed = now.expected_end = clock.now();
    now.phase = phase;
    show.update(now);
}

// A few uploads on connections and a stay of their own, once the search is over, so that nothing
// disturbs the silent ones. They belong to the same run and its clock.
void upload_a_little(boost::asio::io_context& io, const target& server,
                     const measure_options& wanted, store::run_id within, const run_clock& clock,
                     record& into)
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

/// The run so far, and what the phase of the hops goes on with.
struct measured_so_far {
    store::database& from;
    store::run_id run{};
    const run_clock& clock;
    record& into;
    progress& show;
};

void find_hops(boost::asio::io_context& io, measure_options& wanted, const measured_so_far& all)
{
    const auto measured = analyse(all.from, all.run, all.from.conditions(all.run));
    const auto sought = hops::looked_for_in(measured.findings);
    if (!sought.timeout)
        throw exit_error(exit_code::inconclusive, sought.why_not);
    const auto near = find_way(io, wanted.server, wanted.transports.front());
    std::optional<hops_target> other;
    if (wanted.hops->control)
        other = find_way(io, *wanted.hops->control, wanted.transports.front());
    auto how = hops_settings(*wanted.hops, near, other, *sought.timeout, wanted.plan.open_rate);
    how.within = all.run;
    for (const auto& each : all.from.connections(all.run))
        how.numbered_from = std::max(how.numbered_from, each.connection_id);
    how.clock = all.clock;
    hops::measurement one{io, near.server, std::move(how), all.into, all.show};
    run_until_over(io, one);
    if (!one.how().failure.empty())
        throw std::runtime_error(one.how().failure);
}

// What has been measured stands, whatever comes of this.
void try_to_find_hops(boost::asio::io_context& io, measure_options& wanted,
                      const measured_so_far& all)
{
    try {
        find_hops(io, wanted, all);
    } catch (const store::store_error&) {
        throw;
    } catch (const std::runtime_error& problem) {
        all.show.say(fmt::format("which box forgets was not found out: {}", problem.what()));
    }
}

exit_code measure(const arguments& from)
{
    if (names_url(from.given))
        return measure_url(from);
    auto wanted = read_measure_options(from.given);
    wanted.how = read_result_options(from.given);
    raise_file_limit(wanted.plan.connections);
    boost::asio::io_context io{1};
    const auto context = make_context(wanted.server);
    auto server = resolve(io, wanted.server);
    wanted.server.address = server.address.begin()->second.to_string();
    server.context = context.get();
    auto how = settings_of(io, wanted, server);
    how.description = describe_run(wanted.server, wanted.record, from.asked, options_json(wanted));
    if (const auto refusal = planner::refuse(how.plan))
        throw usage_error(*refusal);
    auto into = store::database::open(wanted.record.database);
    progress show{wanted.record.show};
    auto kept = make_record(io, into, show);
    measurement one{io, std::move(how), *kept, show};
    run_until_over(io, one);
    if (wanted.uploads && one.how().finished()) {
        show_phase(show, one.clock(), "uploads");
        upload_a_little(io, server, wanted, *one.run(), one.clock(), *kept);
        show.finish();
    }
    if (wanted.hops && one.how().finished()) {
        show_phase(show, one.clock(), "hops");
        try_to_find_hops(
            io, wanted,
            {.from = into, .run = *one.run(), .clock = one.clock(), .into = *kept, .show = show});
    }
    if (!one.how().gave_up && one.run() && wanted.record.show == progress_mode::json)
        show_phase(show, one.clock(), "done");
    return conclude(into, one,
                    {.server = wanted.server,
                     .record = wanted.record,
                     .how = wanted.how,
                     .boxes_wanted = wanted.hops.has_value()});
}

}  // namespace

const command measure_command{"measure",
                              "measures after how much silence a connection is forgotten",
                              options_of_measure, measure, "HOST[:PORT] | URL "};

}  // namespace deadair::prober
