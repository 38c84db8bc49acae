#include "analysis/words/printable.hpp"

#include <algorithm>
#include <array>

namespace deadair {

// No form longer than it must be, no surrogates, nothing above U+10FFFF.
character first_character(std::string_view text)
{
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80)
        return {.code = lead, .size = 1};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc0 || lead >= 0xf8 || text.size() < size)
        return {};
    std::uint32_t code = lead & (0x7fU >> size);
    for (const char each : text.substr(1, size - 1)) {
        const auto next = static_cast<unsigned char>(each);
        if ((next & 0xc0U) != 0x80)
            return {};
        code = (code << 6) | (next & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    if (code < least.at(size) || surrogate || code > 0x10ffff)
        return {};
    return {.code = code, .size = size};
}

bool is_command(std::uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f || code == 0x061c;
}

std::string printable(std::string_view text)
{
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string line;
    line.reserve(text.size());
    while (!text.empty()) {
        const auto [code, size] = first_character(text);
        if (size == 0)
            line += replacement;
        else if (is_command(code))
            line += ' ';
        else
            line += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return line;
}

std::string printable_lines(std::string_view text)
{
    std::string lines;
    while (true) {
        const auto line = text.substr(0, text.find('\n'));
        lines += printable(line);
        if (line.size() == text.size())
            return lines;
        lines += '\n';
        text.remove_prefix(line.size() + 1);
    }
}

}  // namespace deadair
