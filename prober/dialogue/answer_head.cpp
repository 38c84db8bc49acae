#include "prober/dialogue/answer_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "analysis/words/url.hpp"
#include "echo-server/transport/upgrade.hpp"

namespace deadair::dialogue {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

std::string lower(std::string_view text)
{
    std::string made{text};
    std::ranges::transform(made, made.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return made;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "HTTP/1.1 200 OK"
bool read_status(std::string_view line, answer_head& into)
{
    constexpr std::string_view start = "HTTP/1.";
    if (!line.starts_with(start) || line.size() < start.size() + 5)
        return false;
    into.lasting = line[start.size()] == '1';
    const auto digits = line.substr(start.size() + 2, 3);
    const auto* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, into.status);
    return error == std::errc{} && stopped == end && line[start.size() + 1] == ' ';
}

bool read_fields(std::string_view rest, answer_head& into)
{
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find(line_end));
        rest.remove_prefix(std::min(rest.size(), line.size() + line_end.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            return false;
        into.fields.emplace_back(lower(line.substr(0, colon)),
                                 std::string{trimmed(line.substr(colon + 1))});
    }
    return true;
}

bool read_one(std::string_view text, answer_head& into)
{
    const auto first = text.substr(0, text.find(line_end));
    if (!read_status(first, into) ||
        !read_fields(text.substr(std::min(text.size(), first.size() + line_end.size())), into))
        return false;
    if (into.says("connection", "close"))
        into.lasting = false;
    else if (into.says("connection", "keep-alive"))
        into.lasting = true;
    return true;
}

}  // namespace

std::string_view answer_head::field(std::string_view name) const
{
    const auto found = std::ranges::find(
        fields, name, [](const auto& each) { return std::string_view{each.first}; });
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

bool answer_head::says(std::string_view name, std::string_view word) const
{
    for (const auto& [each, value] : fields) {
        if (each != name)
            continue;
        for (std::string_view rest = value; !rest.empty();) {
            const auto part = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), part.size() + 1));
            if (lower(trimmed(part)) == word)
                return true;
        }
    }
    return false;
}

read_head read_answer_head(wire::bytes input)
{
    const std::string_view all{reinterpret_cast<const char*>(input.data()), input.size()};
    std::size_t passed = 0;
    for (;;) {
        const auto text = all.substr(passed);
        const auto end = text.find(head_end);
        if (end == std::string_view::npos) {
            const auto start = std::string_view{"HTTP/1."}.substr(0, text.size());
            const bool can_be = text.starts_with(start) && text.size() < answer_head_max;
            return {.how = can_be ? reading::more : reading::nonsense, .head = {}};
        }
        answer_head head;
        if (!read_one(text.substr(0, end), head))
            return {.how = reading::nonsense, .head = {}};
        passed += end + head_end.size();
        head.size = passed;
        if (head.status / 100 != 1 || head.status == 101)
            return {.how = reading::whole, .head = std::move(head)};
    }
}

std::string request_head(std::string_view method, std::string_view target, const words& said)
{
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: */*\r\n",
                            method, target, said.host, said.agent);
    if (!said.user.empty())
        text += fmt::format("Authorization: Basic {}\r\n",
                            net::base64(said.user + ":" + said.password));
    for (const auto& each : said.headers)
        text += each + "\r\n";
    return text;
}

std::string refusal_of(const answer_head& head)
{
    switch (head.status) {
        case 401:
        case 403:
            return fmt::format(
                "the server wants to know who asks ({}); put USER:PASSWORD into a file and name it "
                "with --login-file, or what it wants with --header-file or --cookie-file",
                head.status);
        case 429:
        case 503:
            return fmt::format(
                "the server wants to be left alone ({}), so nothing more is asked of it; try again "
                "later, with fewer --connections",
                head.status);
        default:
            break;
    }
    if (head.status / 100 != 3 || head.status == 304)
        return {};
    const auto to = parse_url(head.field("location"));
    return fmt::format("the server sends elsewhere ({}{}); name the URL that it sends to",
                       head.status, to ? ", to " + shown(*to) : std::string{});
}

}  // namespace deadair::dialogue
