#include "prober/command/conclude.hpp"

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
#include "analysis/words/shell.hpp"
#include "prober/command/run_until_over.hpp"

namespace deadair::prober {

namespace {

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

/// A finished run, and how it is told.
struct told {
    const store::database& from;
    store::run_id run{};
    const analysis& result;
    const conclusion& wanted;
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

}  // namespace

exit_code conclude(store::database& into, const measurement& done, const conclusion& wanted)
{
    // What a run that failed knows so far is shown as well.
    const auto nothing = ended_early(done.how(), wanted.server);
    if (nothing && (done.how().gave_up || !done.run()))
        return *nothing;
    const auto run = *done.run();
    const auto result = analyse(into, run, into.conditions(run));
    tell({.from = into, .run = run, .result = result, .wanted = wanted});
    const auto said = verdict(result, done.how());
    const bool box_wanted = wanted.boxes_wanted && into.hops_of(run).boxes.empty();
    return said == exit_code::done && box_wanted ? exit_code::inconclusive : said;
}

}  // namespace deadair::prober
