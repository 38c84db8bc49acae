#include "analysis/recommend/release.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace deadair::recommend {
namespace {

constexpr std::size_t numbers_max = 4;

}  // namespace

bool release::covers(const release& other) const
{
    return numbers.size() <= other.numbers.size() &&
           std::equal(numbers.begin(), numbers.end(), other.numbers.begin());
}

std::optional<release> parse_release(std::string_view text)
{
    release result;
    const char* from = text.data();
    const char* const end = from + text.size();
    while (result.numbers.size() < numbers_max) {
        int number{};
        const auto [stopped, error] = std::from_chars(from, end, number);
        if (error != std::errc{} || number < 0)
            return std::nullopt;
        result.numbers.push_back(number);
        if (stopped == end)
            return result;
        if (*stopped != '.')
            return std::nullopt;
        from = stopped + 1;
    }
    return std::nullopt;
}

std::string to_string(const release& value)
{
    return fmt::format("{}", fmt::join(value.numbers, "."));
}

}  // namespace deadair::recommend
