// What strangers wrote (labels, host names, notes) must stay text, whatever shows it.
#include "analysis/report/document.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

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
