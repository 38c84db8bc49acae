#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/command/command.hpp"
#include "analysis/recommend/requirement.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/today.hpp"
#include "analysis/words/shell.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;
using recommend::compliance;
using recommend::judgement;

constexpr duration_range asked_range{.least = 1ms, .most = 24h * 30};

/// Options that ask for the recommended value of a setting.
struct setting_option {
    const char* name;
    recommend::setting_name setting;
    const char* help;
};
constexpr std::array<setting_option, 3> setting_options{
    {{"keepalive-at-least", recommend::setting_name::tcp_keepalive_idle,
      "a TCP keepalive sent no more often than that is enough"},
     {"ping-at-least", recommend::setting_name::websocket_ping_interval,
      "a WebSocket ping sent no more often than that is enough"},
     {"reconnect-at-least", recommend::setting_name::idle_reconnect,
      "a connection may be used again after so much silence"}}};

void options_of_check(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
    add_path_options(add);
    add.add_options()("idle-timeout-at-least", po::value<std::string>()->value_name("TIME"),
                      "every connection lives through so much silence");
    for (const auto& each : setting_options)
        add.add_options()(each.name, po::value<std::string>()->value_name("TIME"), each.help);
    add.add_options()("unchanged-since", po::value<std::string>()->value_name("RUN"),
                      "no finding differs from that run's by more than the intervals allow");
    add_expect_option(add);
}

/// What was asked, and the answer.
struct answer {
    std::string asked;  ///< "idle-timeout-at-least 30m"
    judgement given;
};

std::vector<estimate::finding> earlier_findings(const po::variables_map& given,
                                                store::database& from, store::run_id now)
{
    const auto before = from.find_run(given["unchanged-since"].as<std::string>());
    if (before.id == now)
        throw usage_error(
            fmt::format("--unchanged-since names run {}, which is the one that is "
                        "checked; name an earlier one, or another with --run",
                        now));
    return analyse(from, before.id, from.conditions(before.id)).findings;
}

std::vector<answer> answers(const po::variables_map& given, store::database& from,
                            const store::run& which)
{
    const auto result = analyse(from, which.id, path_conditions(given, from.conditions(which.id)));
    const auto& found = result.findings;
    std::vector<answer> all;
    const auto put = [&](const char* option, judgement judged) {
        all.push_back(
            {fmt::format("{} {}", option, given[option].as<std::string>()), std::move(judged)});
    };
    const auto asked = [&](const char* option) {
        return duration_option(given, option, asked_range);
    };
    if (constexpr auto* option = "idle-timeout-at-least"; given.count(option) != 0)
        put(option, recommend::idle_timeout_at_least(found, asked(option)));
    for (const auto& each : setting_options)
        if (given.count(each.name) != 0)
            put(each.name, recommend::setting_at_least(found, result.settings, each.setting,
                                                       asked(each.name)));
    if (constexpr auto* option = "unchanged-since"; given.count(option) != 0)
        put(option, recommend::unchanged(earlier_findings(given, from, which.id), found));
    if (const auto product = expected_product(given))
        put("expect", recommend::consistent_with(*product, found, report::this_month()));
    return all;
}

std::string conclusion(const po::variables_map& given, const store::run& which,
                       const judgement& judged)
{
    if (judged.how != compliance::inconclusive || judged.rerun.empty())
        return {};
    return fmt::format("; to conclude: deadair-prober {} {} --db {}", pasted_server(which),
                       judged.rerun, shell_word(given["db"].as<std::string>()));
}

void print(const po::variables_map& given, const store::run& which, std::span<const answer> all)
{
    std::vector<std::string> rows;
    for (const auto& each : all) {
        const auto sentence = each.given.sentence + conclusion(given, which, each.given);
        report::json_object row;
        row.field("run_id", which.id)
            .field("asked", each.asked)
            .field("answer", to_string(each.given.how))
            .field("sentence", sentence);
        rows.push_back(
            format_of(given) == output::json
                ? row.text()
                : fmt::format("{}: {}: {}\n", to_string(each.given.how), each.asked, sentence));
    }
    if (format_of(given) == output::json)
        fmt::print("[\n  {}\n]\n", fmt::join(rows, ",\n  "));
    else
        fmt::print("{}", fmt::join(rows, ""));
}

exit_code run_check(const po::variables_map& given)
{
    (void)format_of(given);
    if (listed_middleboxes(given))
        return exit_code::done;
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto all = answers(given, from, which);
    if (all.empty())
        throw usage_error(
            "check needs something to hold the run against, for example "
            "--idle-timeout-at-least 30m; see --help");
    print(given, which, all);
    const auto worst = std::ranges::max(all, {}, [](const answer& each) { return each.given.how; });
    return worst.given.how == compliance::met       ? exit_code::done
           : worst.given.how == compliance::not_met ? exit_code::not_met
                                                    : exit_code::inconclusive;
}

}  // namespace

const command check_command{"check", "for scripts: exit code 4 when the run is not as asked for",
                            options_of_check, run_check,
                            "deadair-analysis check --db results.db --idle-timeout-at-least 30m"};

}  // namespace deadair::command
