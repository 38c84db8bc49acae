#include "analysis/report/uploads.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/command/command.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

void options_of_uploads(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
}

// Without a word which, the latest run that has uploads: most have a few, some have nothing else.
store::run chosen(const po::variables_map& given, const store::database& from)
{
    if (!given["run"].defaulted())
        return chosen_run(given, from);
    const auto all = from.runs();
    const auto found = std::ranges::find_if(all.rbegin(), all.rend(), [&](const store::run& each) {
        return !from.uploads(each.id).empty();
    });
    return found == all.rend() ? chosen_run(given, from) : *found;
}

exit_code run_uploads(const po::variables_map& given)
{
    const auto format = format_of(given);
    auto from = open_database(given);
    const auto which = chosen(given, from);
    remark_on(which);
    const auto all = from.uploads(which.id);
    if (all.empty())
        throw usage_error(
            fmt::format("run {} holds no upload; make some: deadair-prober uploads {}", which.id,
                        pasted_server(which)));
    if (format == output::json) {
        fmt::print("{}", report::uploads_json(all));
        return exit_code::done;
    }
    const auto dead = report::dead_writes_text(all);
    fmt::print("{}\n\n{}{}{}", report::uploads_answer(all), report::uploads_text(all),
               dead.empty() ? "" : "\n", dead);
    return exit_code::done;
}

}  // namespace

const command uploads_command{"uploads", "says how uploads and downloads fared", options_of_uploads,
                              run_uploads, "deadair-analysis uploads --db results.db"};

}  // namespace deadair::command
