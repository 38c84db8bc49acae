#include "analysis/words/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <optional>
#include <utility>

namespace deadair {
namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return result;
}

/// Letters to insert, delete or exchange to make one text of the other (Levenshtein 1966).
std::size_t edit_distance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t exchanged = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({exchanged, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

/// A shorter word is a few letters away from everything.
constexpr std::size_t telling_letters = 4;

/// Of the whole name, or of one word of it: "reqeusts" is near "python-requests".
std::size_t name_distance(const std::string& typed, std::string_view name)
{
    std::size_t least = edit_distance(typed, name);
    while (!name.empty()) {
        const auto word = name.substr(0, name.find('-'));
        if (word.size() >= telling_letters)
            least = std::min(least, edit_distance(typed, word));
        name.remove_prefix(std::min(word.size() + 1, name.size()));
    }
    return least;
}

/// Smaller is nearer; nullopt is too far away to be meant.
std::optional<std::size_t> how_far(const std::string& typed, const std::string& name)
{
    if (typed.empty())
        return std::nullopt;
    if (name.find(typed) != std::string::npos || typed.find(name) != std::string::npos)
        return 0;
    const std::size_t distance = name_distance(typed, name);
    const std::size_t allowed = std::max<std::size_t>(2, typed.size() / 3);
    return distance <= allowed && distance < typed.size() ? std::optional(distance) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> nearest(std::string_view typed,
                                      std::span<const std::string_view> names, std::size_t most)
{
    const std::string wanted = lower(typed);
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const auto name : names)
        if (const auto distance = how_far(wanted, lower(name)))
            near.emplace_back(*distance, name);
    std::ranges::stable_sort(near, {}, &std::pair<std::size_t, std::string_view>::first);

    std::vector<std::string_view> result;
    for (const auto& [distance, name] : near)
        if (result.size() < most)
            result.push_back(name);
    return result;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names)
{
    const auto near = nearest(typed, names);
    if (near.empty())
        return {};
    std::string text = " (did you mean ";
    for (std::size_t i = 0; i < near.size(); ++i) {
        if (i > 0)
            text += i + 1 == near.size() ? " or " : ", ";
        text += near[i];
    }
    return text + "?)";
}

}  // namespace deadair
