// What several commands say of known middleboxes.
#include "analysis/recommend/middleboxes.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "analysis/command/command.hpp"
#include "analysis/host/terminal.hpp"
#include "analysis/report/table.hpp"
#include "analysis/report/today.hpp"
#include "analysis/words/nearest.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

void add_expect_option(po::options_description& add)
{
    add.add_options()("expect", po::value<std::string>()->value_name("PRODUCT"),
                      "hold a product's documentation against the measurement, for example "
                      "aws-nat-gateway, with exit code 4 if it is excluded; list: which there are");
}

std::optional<std::string> expected_product(const po::variables_map& given)
{
    if (given.count("expect") == 0)
        return std::nullopt;
    const auto& name = given["expect"].as<std::string>();
    const auto known = recommend::middlebox_ids();
    if (name != "list" && std::ranges::find(known, name) == known.end())
        throw usage_error(fmt::format("--expect knows no product '{}'{}; --expect list shows all",
                                      name, did_you_mean(name, known)));
    return name;
}

bool listed_middleboxes(const po::variables_map& given)
{
    if (expected_product(given) != "list")
        return false;
    for (const auto& each : recommend::middlebox_names())
        fmt::print("{:<30} {}\n", each.id, each.product);
    return true;
}

std::string middleboxes_text(std::span<const estimate::finding> found,
                             const std::optional<std::string>& expected)
{
    std::vector<std::string> sentences;
    if (expected)
        for (const auto& each : recommend::expect(*expected, found, report::this_month()))
            sentences.push_back(each.sentence);
    else
        sentences = recommend::middlebox_sentences(found, report::this_month());
    constexpr std::size_t one_line = 10'000;  // for scripts, which look for the whole sentence
    std::string text;
    for (const auto& each : sentences)
        for (const auto& line : report::wrapped(each, host::line_width(STDOUT_FILENO, one_line)))
            text += line + "\n";
    return text;
}

exit_code verdict_on(const std::optional<std::string>& expected,
                     std::span<const estimate::finding> found)
{
    if (!expected)
        return exit_code::done;
    const auto judged = recommend::expect(*expected, found, report::this_month());
    if (judged.empty())
        return exit_code::inconclusive;
    return std::ranges::all_of(judged, &recommend::expectation::agrees) ? exit_code::done
                                                                        : exit_code::not_met;
}

}  // namespace deadair::command
