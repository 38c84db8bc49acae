#include "analysis/words/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

}  // namespace

po::variables_map read_command_line(const std::vector<std::string>& words,
                                    const po::options_description& known,
                                    const po::positional_options_description& positions,
                                    const std::string& help)
{
    std::ranges::for_each(words, refuse_placeholders);
    po::variables_map given;
    try {
        po::store(po::command_line_parser(words)
                      .options(known)
                      .positional(positions)
                      .style(po::command_line_style::default_style &
                             ~po::command_line_style::allow_guessing)
                      .run(),
                  given);
    } catch (const po::error& problem) {
        throw usage_error(
            fmt::format("{}; see {}", without_secrets_of(words, problem.what()), help));
    }
    return given;
}

}  // namespace deadair
