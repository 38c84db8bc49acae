#include "analysis/report/table.hpp"

#include <algorithm>

#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t last_width_min = 24;

// UTF-8: the bytes that begin a character.
std::size_t letters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char one) { return (static_cast<unsigned char>(one) & 0xc0U) != 0x80; }));
}

std::vector<std::string> printable_all(const std::vector<std::string>& cells)
{
    std::vector<std::string> all;
    std::ranges::transform(cells, std::back_inserter(all), printable);
    return all;
}

std::string padded(const std::string& text, std::size_t width)
{
    const auto used = letters(text);
    return text + std::string(width > used ? width - used : 0, ' ');
}

// What the last column needs at least.
std::size_t last_width(const std::vector<std::string>& heads,
                       const std::vector<std::vector<std::string>>& rows)
{
    auto longest = letters(heads.back());
    for (const auto& row : rows)
        longest = std::max(longest, letters(row.back()));
    return std::min(longest, last_width_min);
}

// A row as lines: its first cell, then the others below it.
std::string cards(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width)
{
    constexpr std::size_t indent = 2;
    std::string text;
    const auto put = [&](const std::string& words, std::size_t from) {
        for (const auto& part : wrapped(words, width - from))
            text += std::string(from, ' ') + part + "\n";
    };
    for (const auto& row : rows) {
        put(row.front(), 0);
        for (std::size_t column = 1; column < heads.size(); ++column)
            if (!row[column].empty())
                put(heads[column].empty() ? row[column] : heads[column] + ": " + row[column],
                    indent);
    }
    return text;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width)
{
    std::vector<std::string> lines{""};
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        auto& line = lines.back();
        if (line.empty())
            line = word;
        else if (letters(line) + 1 + letters(word) <= width)
            line += " " + std::string{word};
        else
            lines.emplace_back(word);
    }
    return lines;
}

std::string table(const std::vector<std::string>& raw_heads,
                  const std::vector<std::vector<std::string>>& raw_rows, std::size_t width)
{
    const auto heads = printable_all(raw_heads);
    std::vector<std::vector<std::string>> rows;
    std::ranges::transform(raw_rows, std::back_inserter(rows), printable_all);
    std::vector<std::size_t> widths;
    std::size_t used = 0;
    for (std::size_t column = 0; column + 1 < heads.size(); ++column) {
        widths.push_back(letters(heads[column]));
        for (const auto& row : rows)
            widths.back() = std::max(widths.back(), letters(row[column]));
        used += widths.back() + gap;
    }
    if (used + last_width(heads, rows) > width)
        return cards(heads, rows, width);
    const auto last = std::max(last_width_min, width > used ? width - used : 0);

    std::string text;
    const auto put = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t column = 0; column < widths.size(); ++column)
            line += padded(row[column], widths[column] + gap);
        for (const auto& part : wrapped(row.back(), last)) {
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
