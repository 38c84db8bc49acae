#include "analysis/recommend/middleboxes_data.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

#include "analysis/recommend/embedded.hpp"

namespace deadair::recommend {
namespace {

using std::chrono::seconds;

/// Longer than any timer that a product lets one set: 1000 days.
constexpr seconds settable_most{86'400'000};
constexpr std::size_t field_count = 15;

std::string_view take(std::string_view& text, std::string_view separator)
{
    const std::size_t at = text.find(separator);
    const std::string_view taken = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + separator.size());
    return taken;
}

seconds parse_seconds(std::string_view digits)
{
    std::int64_t value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw std::logic_error("not a number of seconds: " + std::string(digits));
    return seconds(value);
}

/// "2026-11", "2012" (its January) or "?".
std::optional<std::chrono::year_month> parse_month(std::string_view text)
{
    if (text == "?")
        return std::nullopt;
    const auto number = [](std::string_view digits) {
        return static_cast<int>(parse_seconds(digits).count());
    };
    const auto year = take(text, "-");
    const std::chrono::year_month month{
        std::chrono::year{number(year)},
        std::chrono::month{static_cast<unsigned>(text.empty() ? 1 : number(text))}};
    if (!month.ok() || month.year() < std::chrono::year{1990})
        throw std::logic_error("not a year and month: " + std::string(year));
    return month;
}

ending parse_ending(std::string_view word)
{
    if (word == "silent")
        return ending::silent;
    if (word == "reset_next")
        return ending::reset_next;
    if (word == "reset_both")
        return ending::reset_both;
    if (word == "fin")
        return ending::fin;
    if (word == "http_close")
        return ending::http_close;
    if (word == "unknown" || word == "-")
        return ending::unknown;
    throw std::logic_error("not an ending: " + std::string(word));
}

/// "A/B" are the values to the client and to the server; "A" is both.
template <typename Value, typename Parse>
std::array<Value, 2> by_direction(std::string_view text, Parse parse)
{
    const std::string_view to_client = take(text, "/");
    return {parse(to_client), parse(text.empty() ? to_client : text)};
}

void parse_settable(std::string_view text, middlebox& box)
{
    if (text == "any") {
        box.settable = true;
        box.shortest = seconds(1);
        box.longest = settable_most;
    } else if (text != "fixed" && text != "?") {
        box.settable = true;
        box.shortest = parse_seconds(take(text, "-"));
        box.longest = parse_seconds(text);
    }
}

middlebox parse_middlebox(std::string_view line)
{
    std::array<std::string_view, field_count> field;
    for (auto& each : field)
        each = take(line, " | ");
    if (field.back().empty() || !line.empty())
        throw std::logic_error("not a line of middleboxes.txt: " + std::string(field[0]));
    middlebox box{.id = field[0],
                  .vendor = field[1],
                  .product = field[2],
                  .http_only = field[3] == "http",
                  .default_timeout = by_direction<std::optional<seconds>>(
                      field[4],
                      [](std::string_view text) {
                          return text == "-" ? std::nullopt : std::optional(parse_seconds(text));
                      }),
                  .step = parse_seconds(field[6]),
                  .jitter = parse_seconds(field[7]),
                  .at_expiry = by_direction<ending>(field[8], parse_ending),
                  .if_set = parse_ending(field[9]),
                  .keepalive = {},
                  .low_confidence = field[11] == "low",
                  .version = field[12] == "-" ? "" : field[12],
                  .as_of = parse_month(field[13]),
                  .source = field[14]};
    parse_settable(field[5], box);
    if (field[10] != "unknown")
        box.keepalive = field[10] == "yes";
    return box;
}

}  // namespace

const std::vector<middlebox>& middleboxes()
{
    static const std::vector<middlebox> all = [] {
        std::vector<middlebox> boxes;
        for (std::string_view text = embedded_middleboxes(); !text.empty();) {
            const std::string_view line = take(text, "\n");
            if (!line.empty() && !line.starts_with('#'))
                boxes.push_back(parse_middlebox(line));
        }
        return boxes;
    }();
    return all;
}

std::string_view spoken(ending value)
{
    switch (value) {
        case ending::silent:
            return "silent";
        case ending::reset_next:
            return "reset on the next packet";
        case ending::reset_both:
            return "reset to both ends at expiry";
        case ending::fin:
            return "orderly close";
        case ending::http_close:
            return "closes the HTTP connection";
        case ending::unknown:
            break;
    }
    return "ending not documented";
}

}  // namespace deadair::recommend
