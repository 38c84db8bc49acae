#include "analysis/words/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>

namespace deadair {

namespace {

bool is_control(char letter)
{
    const auto code = static_cast<unsigned char>(letter);
    return code < 0x20 || code == 0x7f;
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return result;
}

// Where the scheme before "://" begins: behind "--proxy=", for example.
std::size_t begin_of_scheme(std::string_view word, std::size_t end)
{
    const auto may_stand_there = [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '+' || letter == '-' || letter == '.';
    };
    while (end > 0 && may_stand_there(static_cast<unsigned char>(word[end - 1])))
        --end;
    return end;
}

}  // namespace

std::optional<url> parse_url(std::string_view text)
{
    const auto read = boost::urls::parse_uri(text);
    if (!read || !read->has_authority() || read->encoded_host_address().empty())
        return std::nullopt;
    if (read->has_port() && read->port_number() == 0)
        return std::nullopt;
    // No host has a name with escapes in it, and decoded it could be taken for another place.
    const std::string_view host{read->encoded_host_address()};
    if (host.find('%') != std::string_view::npos ||
        read->host_type() == boost::urls::host_type::ipvfuture)
        return std::nullopt;
    // Boost 1.81 takes what does not fit an authority for a path: "http://u:p@ss@host".
    const std::string_view path{read->encoded_path()};
    if (!path.empty() && path.front() != '/')
        return std::nullopt;
    url found{.scheme = lower(read->scheme()),
              .host = read->host_address(),
              .port = read->has_port() ? std::optional{read->port_number()} : std::nullopt,
              .user = read->user(),
              .password = read->password(),
              .target = std::string{read->encoded_target()}};
    if (!found.target.starts_with('/'))
        found.target.insert(0, 1, '/');
    for (const auto* each : {&found.host, &found.user, &found.password})
        if (std::ranges::any_of(*each, is_control))
            return std::nullopt;
    return found;
}

std::string shown(const url& of)
{
    const bool ipv6 = of.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}{}", of.scheme, ipv6 ? "[" : "", of.host, ipv6 ? "]" : "",
                       of.port ? fmt::format(":{}", *of.port) : "");
}

std::string without_secrets(std::string_view word)
{
    const auto mark = word.find("://");
    if (mark == std::string_view::npos)
        return std::string{word};
    const auto begin = begin_of_scheme(word, mark);
    const auto before = word.substr(0, begin);
    const auto read = parse_url(word.substr(begin));
    const bool login = read && (!read->user.empty() || !read->password.empty());
    // A second @ belongs to a secret that nobody encoded, and so may all before it.
    const auto ats = std::ranges::count(word, '@');
    if (!read || ats > (login ? 1 : 0))
        return fmt::format("{}{}://***", before, lower(word.substr(begin, mark - begin)));
    auto safe = shown(*read);
    if (login)
        safe.insert(safe.find("://") + 3, "***@");
    return fmt::format("{}{}{}", before, safe, read->target == "/" ? "" : "/***");
}

}  // namespace deadair
