#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/usage_error.hpp"
#include "analysis/words/words.hpp"

/// What a word of the command line stands for. Each throws usage_error, which names the option.
namespace deadair::prober {

namespace po = boost::program_options;

/// "a,b,c"
std::vector<std::string> split(const std::string& list);

/// Reads a list of words, each once.
template <class Parse>
auto word_list(const std::string& option, const std::string& text, const char* known, Parse parse)
{
    std::vector<typename decltype(parse(""))::value_type> found;
    for (const auto& part : split(text)) {
        const auto word = parse(part);
        if (!word)
            throw usage_error(fmt::format("--{} '{}' is not one of {}", option, part, known));
        if (std::ranges::find(found, *word) == found.end())
            found.push_back(*word);
    }
    if (found.empty())
        throw usage_error(fmt::format("--{} names nothing; choose of {}", option, known));
    return found;
}

/// --direction: who speaks first after the silence
std::vector<direction> directions(const po::variables_map& given);

/// 1500ms, 90s, 15m, 2h or 1d
nanoseconds duration(const po::variables_map& given, const char* option);

/// A whole number, both ends included.
std::uint32_t whole_number(const po::variables_map& given, const char* option, std::uint32_t least,
                           std::uint32_t most);

/// --open-rate: 0.1 to 1000 a second
double open_rate(const po::variables_map& given);

/// 1 to 65535
std::uint16_t port_number(const std::string& text);

}  // namespace deadair::prober
