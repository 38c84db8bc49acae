#include "prober/evidence/url.hpp"

#include "analysis/words/url.hpp"

namespace deadair::prober::evidence {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

}  // namespace

std::optional<url> read_url(std::string_view text)
{
    const auto read = parse_url(text);
    const bool secured = read && read->scheme == "https";
    const bool web = secured || (read && read->scheme == "http");
    if (!web || !read->user.empty() || !read->password.empty())
        return std::nullopt;
    url found;
    found.secured = secured;
    found.host = read->host;
    found.port = read->port.value_or(secured ? https_port : http_port);
    found.path = read->target;
    return found;
}

std::string describe(const url& of)
{
    return shown({.scheme = of.secured ? "https" : "http",
                  .host = of.host,
                  .port = of.port,
                  .user = {},
                  .password = {},
                  .target = {}});
}

}  // namespace deadair::prober::evidence
