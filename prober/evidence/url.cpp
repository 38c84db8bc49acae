#include "prober/evidence/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace deadair::prober::evidence {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool read_port(std::string_view text, std::uint16_t& into)
{
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && stopped == text.data() + text.size() && into != 0;
}

// "host", "host:port", "[v6]:port"
bool read_authority(std::string_view text, url& into)
{
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos)
            return false;
        into.host = text.substr(1, close - 1);
        rest = text.substr(close + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        into.host = text.substr(0, colon);
        rest = text.substr(colon);
    }
    if (into.host.empty())
        return false;
    return rest.empty() || (rest.starts_with(':') && read_port(rest.substr(1), into.port));
}

}  // namespace

std::optional<url> parse_url(std::string_view text)
{
    url found;
    if (text.starts_with("https://"))
        found.port = https_port;
    else if (text.starts_with("http://"))
        found.port = http_port;
    else
        return std::nullopt;
    found.secured = found.port == https_port;
    text.remove_prefix(text.find("//") + 2);
    const auto clean = [](char c) { return c > ' ' && c <= '~' && c != '@'; };
    if (!std::ranges::all_of(text, clean))
        return std::nullopt;
    const auto slash = std::min(text.find('/'), text.size());
    if (slash < text.size())
        found.path = text.substr(slash);
    if (!read_authority(text.substr(0, slash), found))
        return std::nullopt;
    return found;
}

std::string describe(const url& of)
{
    const bool ipv6 = of.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", of.secured ? "https" : "http", ipv6 ? "[" : "", of.host,
                       ipv6 ? "]" : "", of.port);
}

}  // namespace deadair::prober::evidence
