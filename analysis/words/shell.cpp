#include "analysis/words/shell.hpp"

#include <algorithm>
#include <cctype>

#include "analysis/words/printable.hpp"

namespace deadair {

namespace {

bool is_plain(char letter)
{
    constexpr std::string_view harmless = "_-./:,=@%+";
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           harmless.find(letter) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view raw)
{
    const auto word = printable(raw);
    if (!word.empty() && std::ranges::all_of(word, is_plain))
        return word;
    std::string quoted = "'";
    for (const char letter : word) {
        if (letter == '\'')
            quoted += R"('\'')";
        else
            quoted += letter;
    }
    return quoted + "'";
}

std::string shell_line(std::span<const std::string> words)
{
    std::string line;
    for (const auto& each : words)
        line += (line.empty() ? "" : " ") + shell_word(each);
    return line;
}

}  // namespace deadair
