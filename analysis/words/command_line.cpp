#include "analysis/words/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/words/nearest.hpp"
#include "analysis/words/url.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair {

namespace {

namespace po = boost::program_options;

// Boost builds its complaints from these names and replaces them until none is left: a word that
// itself holds one would keep it at that for ever.
void refuse_placeholders(const std::string& word)
{
    static constexpr std::array names{"%canonical_option%", "%invalid_line%", "%option%",
                                      "%original_token%",   "%prefix%",       "%value%"};
    for (const auto* const name : names)
        if (word.find(name) != std::string::npos)
            throw usage_error(fmt::format("'{}' holds {}, which no option takes", word, name));
}

// Complaints quote the words that they are about.
std::string without_secrets_of(const std::vector<std::string>& words, std::string complaint)
{
    for (const auto& each : words) {
        const auto safe = without_secrets(each);
        const auto at = complaint.find(each);
        if (safe != each && at != std::string::npos)
            complaint.replace(at, each.size(), safe);
    }
    return complaint;
}

std::string similar_option(const std::string& typed, const po::options_description& known)
{
    std::vector<std::string> names;
    for (const auto& each : known.options())
        names.push_back("--" + each->long_name());
    const std::vector<std::string_view> views{names.begin(), names.end()};
    return did_you_mean(typed, views);
}

// The words that belong to no option, in their order.
std::vector<std::string> loose_words(const po::parsed_options& parsed)
{
    std::vector<std::string> loose;
    for (const auto& each : parsed.options)
        if (each.position_key != -1)
            loose.insert(loose.end(), each.value.begin(), each.value.end());
    return loose;
}

po::parsed_options parsed(const std::vector<std::string>& words,
                          const po::options_description& known,
                          const po::positional_options_description* positions)
{
    po::command_line_parser parser{words};
    parser.options(known).style(po::command_line_style::default_style &
                                ~po::command_line_style::allow_guessing);
    if (positions != nullptr)
        parser.positional(*positions);
    return parser.run();
}

}  // namespace

po::variables_map read_command_line(const std::vector<std::string>& words,
                                    const po::options_description& known,
                                    const po::positional_options_description& positions,
                                    const std::string& help)
{
    std::ranges::for_each(words, refuse_placeholders);
    po::variables_map given;
    try {
        const auto loose = loose_words(parsed(words, known, nullptr));
        if (loose.size() > positions.max_total_count())
            throw usage_error(fmt::format("'{}' is one word too many; see {}",
                                          without_secrets(loose[positions.max_total_count()]),
                                          help));
        po::store(parsed(words, known, &positions), given);
    } catch (const po::unknown_option& problem) {
        // What was meant for it may be a secret of any form.
        const auto whole = problem.get_option_name();
        const auto typed = whole.substr(0, whole.find('='));
        throw usage_error(fmt::format("there is no option {}{}; see {}", typed,
                                      similar_option(typed, known), help));
    } catch (const po::error& problem) {
        throw usage_error(
            fmt::format("{}; see {}", without_secrets_of(words, problem.what()), help));
    }
    return given;
}

}  // namespace deadair
