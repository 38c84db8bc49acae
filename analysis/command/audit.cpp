#include "analysis/audit/audit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/command/command.hpp"
#include "analysis/host/tcp_connections.hpp"
#include "analysis/report/audit.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using estimate::finding_kind;

void options_of_audit(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
    add.add_options()("assume-timeout", po::value<std::string>()->value_name("TIME"),
                      "take that much silence to be survived, instead of a measurement");
}

/// What is survived, if something was forgotten at all.
struct measured {
    bool answered{};
    std::optional<nanoseconds> timeout;
};

// The stratum that forgets first decides. What a refresh kept alive says nothing of the others.
measured measured_timeout(std::span<const estimate::finding> found)
{
    measured result;
    for (const auto& each : found) {
        if (each.kind == finding_kind::inconclusive || each.where.how.by != refresh::none)
            continue;
        result.answered = true;
        if (each.kind == finding_kind::none || !each.low)
            continue;
        result.timeout = std::min(result.timeout.value_or(*each.low), *each.low);
    }
    return result;
}

exit_code audit_against(std::optional<nanoseconds> timeout, output format)
{
    std::vector<audit::judged> all;
    for (const auto& each : host::tcp_connections())
        all.push_back(audit::judge(each, timeout));
    fmt::print("{}", format == output::json ? report::audit_json(all, timeout)
                                            : report::audit_text(all, timeout));
    const bool risk = std::ranges::any_of(
        all, [](const audit::judged& each) { return audit::at_risk(each.how); });
    return risk ? exit_code::not_met : exit_code::done;
}

exit_code run_audit(const po::variables_map& given)
{
    const auto format = format_of(given);
    if (given.count("assume-timeout") != 0) {
        if (!given["db"].defaulted() || !given["run"].defaulted())
            throw usage_error("--assume-timeout needs no measurement; leave out --db and --run");
        return audit_against(duration_option(given, "assume-timeout", timeout_range), format);
    }
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto found = analyse(from, which.id, from.conditions(which.id)).findings;
    const auto answer = measured_timeout(found);
    if (answer.answered)
        return audit_against(answer.timeout, format);
    fmt::print(stderr, "deadair-analysis: run {} tells no idle timeout; {}\n", which.id,
               how_to_conclude(which));
    return exit_code::inconclusive;
}

}  // namespace

const command audit_command{"audit", "says which TCP connections of this host would be forgotten",
                            options_of_audit, run_audit,
                            "deadair-analysis audit --assume-timeout 15m"};

}  // namespace deadair::command
