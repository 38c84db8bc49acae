#include "prober/command/url_words.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include "deadair/version.hpp"
#include "echo-server/transport/secret_file.hpp"
#include "prober/dialogue/cookies.hpp"

namespace deadair::prober {

namespace {

bool holds_control(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string secret(const std::string& file, std::string_view what)
{
    try {
        return net::read_secret_file(file, what);
    } catch (const std::runtime_error& problem) {
        throw usage_error(problem.what());
    }
}

void read_login(const po::variables_map& given, dialogue::words& said)
{
    const char* const kept = std::getenv("DEADAIR_LOGIN");
    if (given.count("login-file") == 0 && kept == nullptr)
        return;
    auto text = given.count("login-file") != 0
                    ? secret(given["login-file"].as<std::string>(), "login file")
                    : std::string{kept};
    text = text.substr(0, text.find_first_of("\r\n"));
    const auto colon = text.find(':');
    if (colon == std::string::npos || holds_control(text))
        throw usage_error(fmt::format("{} does not hold USER:PASSWORD",
                                      given.count("login-file") != 0
                                          ? given["login-file"].as<std::string>()
                                          : "DEADAIR_LOGIN"));
    said.user = text.substr(0, colon);
    said.password = text.substr(colon + 1);
}

void read_headers(const po::variables_map& given, dialogue::words& said)
{
    if (given.count("header-file") == 0)
        return;
    const auto& file = given["header-file"].as<std::string>();
    std::istringstream in{secret(file, "header file")};
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.empty())
            continue;
        if (line.find(':') == std::string::npos || line.starts_with(':') || holds_control(line))
            throw usage_error(
                fmt::format("{} holds a line that is no header; write 'Name: value'", file));
        said.headers.push_back(line);
    }
}

void read_cookies(const po::variables_map& given, const url& named, dialogue::words& said)
{
    if (given.count("cookie-file") == 0)
        return;
    const auto& file = given["cookie-file"].as<std::string>();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto text = secret(file, "cookie file");
    const auto cookies =
        dialogue::cookies_for({.host = named.host,
                               .path = named.target,
                               .secured = named.scheme == "https" || named.scheme == "wss",
                               .now = std::chrono::duration_cast<std::chrono::seconds>(now)},
                              text);
    if (!cookies || holds_control(*cookies))
        throw usage_error(fmt::format(
            "{} holds a line that is no cookie; write 'name=value', or use the file that curl "
            "--cookie-jar writes",
            file));
    if (cookies->empty())
        throw usage_error(
            fmt::format("{} holds no cookie for {}; is it that server's, and not "
                        "too old?",
                        file, deadair::shown(named)));
    said.headers.push_back("Cookie: " + *cookies);
}

}  // namespace

dialogue::words read_words(const po::variables_map& given, const url& named,
                           std::uint16_t usual_port)
{
    dialogue::words said;
    const bool v6 = named.host.find(':') != std::string::npos;
    said.host = v6 ? fmt::format("[{}]", named.host) : named.host;
    if (named.port && *named.port != usual_port)
        said.host += fmt::format(":{}", *named.port);
    said.target = named.target;
    said.agent = fmt::format(
        "deadair/{} (measures idle timeouts{})", version,
        given.count("contact") != 0 ? "; " + given["contact"].as<std::string>() : std::string{});
    if (holds_control(said.agent))
        throw usage_error("--contact holds a control character; write a mail address or a URL");
    read_login(given, said);
    read_headers(given, said);
    read_cookies(given, named, said);
    if (given.count("body-file") != 0)
        said.body = secret(given["body-file"].as<std::string>(), "body file");
    return said;
}

nanoseconds read_delayed(const po::variables_map& given, const url& named, dialogue::words& said)
{
    if (given.count("delayed-url") == 0)
        return {};
    auto text = given["delayed-url"].as<std::string>();
    // No URL holds a brace as it is.
    for (const auto& [brace, encoded] : {std::pair{'{', "%7B"}, {'}', "%7D"}})
        for (auto at = text.find(brace); at != text.npos; at = text.find(brace))
            text.replace(at, 1, encoded);
    const auto read = parse_url(text);
    if (!read || read->scheme != named.scheme || read->host != named.host ||
        read->port != named.port || !read->user.empty() || !read->password.empty())
        throw usage_error(
            fmt::format("--delayed-url is no URL of {}; it has to be at the same "
                        "scheme, host and port",
                        deadair::shown(named)));
    said.delayed = read->target;
    for (const auto& each : dialogue::placeholders)
        if (said.delayed.find(each.text) != said.delayed.npos)
            return each.unit;
    throw usage_error(
        "--delayed-url does not say where the delay stands; write {seconds} or {milliseconds} "
        "there");
}

}  // namespace deadair::prober
