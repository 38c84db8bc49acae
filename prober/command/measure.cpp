#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "analysis/analyse.hpp"
#include "analysis/host/terminal.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/limits.hpp"
#include "analysis/report/path.hpp"
#include "analysis/report/result.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/sink.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/exit_error.hpp"
#include "analysis/words/printable.hpp"
#include "analysis/words/shell.hpp"
#include "analysis/words/usage_error.hpp"
#include "prober/command/measure_options.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/hops/looked_for.hpp"
#include "prober/measure/measurement.hpp"
#include "prober/server/resolve.hpp"
#include "prober/uploads/measurement.hpp"

namespace deadair::prober {
namespace {

void options(po::options_description& add)
{
    add_measure_options(add);
    add_record_options(add);
    add_result_options(add);
    add_server_options(add);
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

exit_code verdict(const analysis& result, const task::summary& how)
{
    if (how.interrupted)
        return exit_code::interrupted;
    if (!how.failure.empty())
        return exit_code::failed;
    if (!result.open.empty())
        return exit_code::inconclusive;
    for (const auto& each : result.findings)
        if (each.kind != estimate::finding_kind::inconclusive)
            return exit_code::done;
    return exit_code::inconclusive;
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

/// A finished run, and how it is told.
struct told {
    const store::database& from;
    store::run_id run{};
    const analysis& result;
    const measure_options& wanted;
};

// What the reader came for stands last, where the terminal still shows it.
std::string text_of(const told& all, std::size_t width)
{
    const auto& database = all.wanted.record.database.string();
    std::string text;
    const auto add = [&](const std::string& words) {
        for (const auto& line : report::wrapped(words, width))
            text += line + "\n";
    };
    if (all.wanted.how.verbose)
        text += report::recommendations_text(all.result.settings, width) + "\n";
    text += report::findings_table(all.result.findings, width) + "\n";
    add("path: " + report::path_answer(all.from.path_samples(all.run), all.from.uploads(all.run)));
    add(fmt::format("results: {}, run {}; with reasons: deadair-analysis recommend --db {}",
                    database, all.run, shell_word(database)));
    const auto hops = all.from.hops_of(all.run);
    if (hops.verdict)
        text += report::hops_text(hops, width);
    text += "\n";
    add(report::answer(all.result.findings, all.result.open));
    if (!all.result.limits.empty())
        add(report::limits_in_words(all.result.limits));
    add(report::settings_in_words(all.result.settings));
    return text;
}

void tell(const told& all)
{
    const auto& json = all.wanted.how.json;
    const bool piped = json == "-";
    const auto text =
        text_of(all, host::line_width(piped ? STDERR_FILENO : STDOUT_FILENO, report::wide));
    fmt::print(piped ? stderr : stdout, "{}", text);
    if (!json)
        return;
    const auto which = all.from.find_run(std::to_string(all.run));
    const auto document = report::result_json(
        all.from, which,
        {all.result.findings, all.result.settings, all.result.limits, all.result.open});
    report::sink to = piped ? report::sink{} : report::sink{*json};
    to.put(document);
    to.finish();
}

exit_code conclude(store::database& into, const measurement& done, const measure_options& wanted)
{
    // What a run that failed knows so far is shown as well.
    const auto nothing = ended_early(done.how(), wanted.server);
    if (nothing && (done.how().gave_up || !done.run()))
        return *nothing;
    const auto run = *done.run();
    const auto result = analyse(into, run, into.conditions(run));
    tell({.from = into, .run = run, .result = result, .wanted = wanted});
    const auto said = verdict(result, done.how());
    const bool box_wanted = wanted.hops && into.hops_of(run).boxes.empty();
    return said == exit_code::done && box_wanted ? exit_code::inconclusive : said;
}

exit_code measure(const arguments& from)
{
    auto wanted = read_measure_options(from.given);
    wanted.how = read_result_options(from.given);
    raise_file_limit(wanted.plan.connections);
    boost::asio::io_context io{1};
    const auto context = net::make_client_context(wanted.server.whom);
    auto server = resolve(io, wanted.server);
    wanted.server.address = server.address.begin()->second.to_string();
    server.context = context.get();
    auto how = settings_of(wanted, server);
    how.description = describe_run(wanted.server, wanted.record, from.asked, options_json(wanted));
    if (const auto refusal = planner::refuse(how.plan))
        throw usage_error(*refusal);
    auto into = store::database::open(wanted.record.database);
    progress show{wanted.record.show};
    auto kept = make_record(io, into, show);
    measurement one{io, server, std::move(how), *kept, show};
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
    return conclude(into, one, wanted);
}

}  // namespace

const command measure_command{
    "measure", "measures after how much silence a connection is forgotten", options, measure};

}  // namespace deadair::prober
