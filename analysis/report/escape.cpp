// What strangers wrote (labels, host names, notes) must stay text, whatever shows it.
#include "analysis/report/document.hpp"
#include "analysis/report/drawing.hpp"

namespace deadair::report {

namespace {

bool is_control(char letter)
{
    const auto code = static_cast<unsigned char>(letter);
    return code < 0x20 || code == 0x7f;
}

}  // namespace

std::string printable(std::string_view text)
{
    std::string line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        // U+0080 to U+009F: terminals take them for commands, too.
        const bool c1 = text[i] == '\xc2' && i + 1 < text.size() &&
                        static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (c1)
            ++i;
        line += c1 || is_control(text[i]) ? ' ' : text[i];
    }
    return line;
}

std::string for_people(std::string_view moment)
{
    constexpr std::size_t day = 10;  // of "2026-01-31T12:00:00.000Z"
    constexpr std::size_t minute = 16;
    if (moment.size() <= minute || moment[day] != 'T' || !moment.ends_with('Z'))
        return std::string{moment};
    return std::string{moment.substr(0, day)} + " " +
           std::string{moment.substr(day + 1, minute - day - 1)} + " UTC";
}

std::string escaped(std::string_view text)
{
    std::string safe;
    for (const char letter : printable(text)) {
        switch (letter) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += letter;
        }
    }
    return safe;
}

}  // namespace deadair::report
