#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "analysis/command/command.hpp"
#include "analysis/words/byte_count.hpp"
#include "analysis/words/printable.hpp"
#include "analysis/words/shell.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;

// From a loopback to more than a satellite and a full queue.
constexpr duration_range round_trip_range{.least = 1us, .most = 60s};

// "1%" or "0.01".
double share(const std::string& text)
{
    const bool percent = text.ends_with('%');
    const auto* const end = text.data() + text.size() - (percent ? 1 : 0);
    double value = -1;
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (percent)
        value /= 100;
    if (error != std::errc{} || stopped != end || !(value >= 0 && value <= 0.5))
        throw usage_error(
            fmt::format("--loss '{}' is not a share of 0 to 50 %; write for example 1%", text));
    return value;
}

std::uint64_t byte_count(const std::string& text)
{
    const auto parsed = parse_byte_count(text);
    if (!parsed)
        throw usage_error(fmt::format(
            "--largest-upload '{}' is not a size up to 1000GB; write for example 500kB or 10MB",
            text));
    return *parsed;
}

}  // namespace

std::span<const command> commands()
{
    static const std::array all{
        runs_command,    findings_command, recommend_command, check_command,   export_command,
        merge_command,   audit_command,    report_command,    compare_command, escalate_command,
        uploads_command, import_command,   fleet_command};
    return all;
}

void add_run_options(po::options_description& add)
{
    add.add_options()(
        "db", po::value<std::string>()->value_name("FILE")->default_value("results.db"),
        "the results")("run", po::value<std::string>()->value_name("RUN")->default_value("latest"),
                       "latest, a run's number or its label");
}

void add_format_option(po::options_description& add)
{
    add.add_options()("format",
                      po::value<std::string>()->value_name("FORMAT")->default_value("text"),
                      "text or json");
}

void add_path_options(po::options_description& add)
{
    add.add_options()("round-trip", po::value<std::string>()->value_name("TIME"),
                      "use this round trip instead of the measured one")(
        "loss", po::value<std::string>()->value_name("SHARE"),
        "use this packet loss, for example 1%")(
        "largest-upload", po::value<std::string>()->value_name("SIZE")->default_value("10MB"),
        "the biggest single write that has to pass");
}

nanoseconds duration_option(const po::variables_map& given, const char* option,
                            const duration_range& within)
{
    const auto& text = given[option].as<std::string>();
    const auto parsed = parse_duration(text);
    if (!parsed || *parsed < within.least || *parsed > within.most)
        throw usage_error(fmt::format(
            "--{} '{}' is not a duration from {} to {}; write for example 40ms, 90s, 15m or 2h",
            option, text, format_duration(within.least), format_duration(within.most)));
    return *parsed;
}

output format_of(const po::variables_map& given)
{
    const auto& text = given["format"].as<std::string>();
    if (text == "text")
        return output::text;
    if (text == "json")
        return output::json;
    throw usage_error(fmt::format("--format '{}' is not one of text, json", text));
}

store::database open_database(const po::variables_map& given)
{
    return store::database::open_existing(given["db"].as<std::string>());
}

store::run chosen_run(const po::variables_map& given, const store::database& from)
{
    return from.find_run(given["run"].as<std::string>());
}

recommend::conditions path_conditions(const po::variables_map& given,
                                      recommend::conditions measured)
{
    if (given.count("round-trip") != 0)
        measured.round_trip = duration_option(given, "round-trip", round_trip_range);
    if (given.count("loss") != 0)
        measured.packet_loss = share(given["loss"].as<std::string>());
    measured.largest_upload_bytes = byte_count(given["largest-upload"].as<std::string>());
    return measured;
}

exit_code verdict(const store::run& which, std::span<const estimate::finding> found,
                  const std::string& open)
{
    const bool answered = std::ranges::any_of(found, [](const estimate::finding& each) {
        return each.kind != estimate::finding_kind::inconclusive;
    });
    if (answered && open.empty())
        return exit_code::done;
    const std::string_view what =
        which.command == "measure" ? "is inconclusive" : "tells no idle timeout";
    fmt::print(stderr, "deadair-analysis: run {} {}{}{}; {}\n", which.id, what,
               open.empty() ? "" : ": ", open, how_to_conclude(which));
    return exit_code::inconclusive;
}

std::string pasted_server(const store::run& which)
{
    return which.server_endpoint.starts_with('-') ? "HOST:PORT" : shell_word(which.server_endpoint);
}

std::string how_to_conclude(const store::run& which)
{
    if (which.command != "measure")
        return fmt::format(
            "it is one of deadair-prober {}, which measures no idle timeout; measure it: "
            "deadair-prober {}",
            printable(which.command), pasted_server(which));
    return fmt::format("measure again, and let it end: deadair-prober {} --max-idle 2h",
                       pasted_server(which));
}

void remark_on(const store::run& which)
{
    if (which.state == store::run_state::running)
        fmt::print(stderr,
                   "deadair-analysis: run {} has not ended (or was killed); this is what it "
                   "wrote so far\n",
                   which.id);
    if (which.state == store::run_state::interrupted)
        fmt::print(stderr, "deadair-analysis: run {} was interrupted; intervals are wider\n",
                   which.id);
}

}  // namespace deadair::command
