#include "analysis/report/table.hpp"

#include <algorithm>

namespace deadair::report {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t last_width_min = 24;

std::vector<std::string> wrap(const std::string& text, std::size_t width)
{
    std::vector<std::string> lines;
    std::string rest = text;
    while (rest.size() > width) {
        auto cut = rest.rfind(' ', width);
        if (cut == std::string::npos || cut == 0)
            cut = rest.find(' ', width);
        if (cut == std::string::npos)
            break;
        lines.push_back(rest.substr(0, cut));
        rest.erase(0, cut + 1);
    }
    lines.push_back(rest);
    return lines;
}

std::string padded(const std::string& text, std::size_t width)
{
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

}  // namespace

std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width)
{
    std::vector<std::size_t> widths;
    std::size_t used = 0;
    for (std::size_t column = 0; column + 1 < heads.size(); ++column) {
        widths.push_back(heads[column].size());
        for (const auto& row : rows)
            widths.back() = std::max(widths.back(), row[column].size());
        used += widths.back() + gap;
    }
    const auto last = std::max(last_width_min, width > used ? width - used : 0);

    std::string text;
    const auto put = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t column = 0; column < widths.size(); ++column)
            line += padded(row[column], widths[column] + gap);
        for (const auto& part : wrap(row.back(), last)) {
            line += part;
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + "\n";
            line.assign(used, ' ');
        }
    };
    put(heads);
    for (const auto& row : rows)
        put(row);
    return text;
}

}  // namespace deadair::report
