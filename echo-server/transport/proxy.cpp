#include "echo-server/transport/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

#include "analysis/words/url.hpp"
#include "echo-server/transport/upgrade.hpp"

namespace deadair::net {

namespace {

constexpr std::byte socks_version{5};
constexpr std::byte login_version{1};
constexpr std::byte without_login{0};
constexpr std::byte by_password{2};
constexpr std::size_t text_max = 255;  // one byte tells the length

void put(wire::buffer& out, std::string_view text)
{
    const auto raw = std::as_bytes(std::span{text});
    out.insert(out.end(), raw.begin(), raw.end());
}

void put_counted(wire::buffer& out, std::string_view text)
{
    out.push_back(static_cast<std::byte>(text.size()));
    put(out, text);
}

std::string authority(const std::string& host, std::uint16_t port)
{
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                               : fmt::format("[{}]:{}", host, port);
}

proxy_dialogue::answer refusal(const std::string& why)
{
    return {.is = proxy_dialogue::verdict::refused, .consumed = 0, .reply = {}, .why = why};
}

proxy_dialogue::answer nonsense(const proxy_server& by)
{
    return refusal(fmt::format("{} does not answer as such a proxy does; is the address right?",
                               describe(by)));
}

proxy_dialogue::answer wants_login(const proxy_server& by)
{
    return refusal(fmt::format(
        "the proxy {} {}; put USER:PASSWORD@ before its host, in the environment variable "
        "DEADAIR_PROXY where others cannot read it (in them write @ as %40, / as %2F, and so on)",
        describe(by),
        by.user.empty() ? "wants a user and a password"
                        : "does not accept this user and password"));
}

// RFC 1928, section 6.
std::string_view reason_of(unsigned code)
{
    constexpr std::array<std::string_view, 9> reasons{"",
                                                      "general failure",
                                                      "its rules do not allow it",
                                                      "network unreachable",
                                                      "host unreachable",
                                                      "connection refused",
                                                      "the way is too long (TTL expired)",
                                                      "it knows no CONNECT",
                                                      "it does not know this kind of address"};
    return code < reasons.size() ? reasons.at(code) : "unknown reason";
}

}  // namespace

std::optional<proxy_server> parse_proxy(std::string_view text)
{
    const auto read = parse_url(text);
    if (!read || !read->port || read->target != "/" || text.find('#') != std::string_view::npos)
        return std::nullopt;
    proxy_server found{.speaks = {},
                       .host = read->host,
                       .port = *read->port,
                       .user = read->user,
                       .password = read->password};
    if (read->scheme == "socks5")
        found.speaks = proxy_server::language::socks5;
    else if (read->scheme != "http")
        return std::nullopt;
    // A colon ends the user where both are sent as one (RFC 7617, section 2).
    const bool whole =
        found.user.empty() == found.password.empty() && found.user.find(':') == std::string::npos;
    const bool fits = found.user.size() <= text_max && found.password.size() <= text_max;
    return whole && fits ? std::optional{found} : std::nullopt;
}

std::string describe(const proxy_server& what)
{
    return fmt::format("{}://{}", what.speaks == proxy_server::language::http ? "http" : "socks5",
                       authority(what.host, what.port));
}

proxy_dialogue::proxy_dialogue(const proxy_server& by, std::string host, std::uint16_t port)
    : by_{by},
      host_{std::move(host)},
      port_{port},
      stage_{by.speaks == proxy_server::language::http ? stage::http : stage::method}
{
}

wire::buffer proxy_dialogue::begin() const
{
    wire::buffer out;
    if (stage_ == stage::http)
        put(out, connect_request_text(authority(host_, port_), by_.user, by_.password));
    else if (by_.user.empty())
        out = {socks_version, std::byte{1}, without_login};
    else
        out = {socks_version, std::byte{2}, without_login, by_password};
    return out;
}

proxy_dialogue::answer proxy_dialogue::take(wire::bytes input)
{
    switch (stage_) {
        case stage::http:
            return take_http(input);
        case stage::method:
            return take_method(input);
        case stage::authentication:
            return take_authentication(input);
        case stage::connection:
            return take_connection(input);
    }
    return {};
}

proxy_dialogue::answer proxy_dialogue::take_http(wire::bytes input) const
{
    constexpr unsigned login_required = 407;
    const auto said = parse_connect_answer(input);
    if (said.error == upgrade_error::incomplete)
        return {};
    if (said.status == login_required)
        return wants_login(by_);
    if (said.error == upgrade_error::refused)
        return refusal(fmt::format("the proxy {} does not let us through to {}: HTTP status {}",
                                   describe(by_), authority(host_, port_), said.status));
    if (said.error != upgrade_error::none)
        return nonsense(by_);
    return {.is = verdict::open, .consumed = said.consumed, .reply = {}, .why = {}};
}

proxy_dialogue::answer proxy_dialogue::take_method(wire::bytes input)
{
    if (input.size() < 2)
        return {};
    if (input[0] != socks_version)
        return nonsense(by_);
    if (input[1] == without_login) {
        stage_ = stage::connection;
        return {.is = verdict::more, .consumed = 2, .reply = request(), .why = {}};
    }
    if (input[1] != by_password || by_.user.empty())
        return wants_login(by_);
    stage_ = stage::authentication;
    wire::buffer login{login_version};
    put_counted(login, by_.user);
    put_counted(login, by_.password);
    return {.is = verdict::more, .consumed = 2, .reply = std::move(login), .why = {}};
}

proxy_dialogue::answer proxy_dialogue::take_authentication(wire::bytes input)
{
    if (input.size() < 2)
        return {};
    if (input[0] != login_version)
        return nonsense(by_);
    if (input[1] != std::byte{0})
        return wants_login(by_);
    stage_ = stage::connection;
    return {.is = verdict::more, .consumed = 2, .reply = request(), .why = {}};
}

// A name travels as a name, so that the proxy resolves what may not be known here.
wire::buffer proxy_dialogue::request() const
{
    wire::buffer out{socks_version, std::byte{1}, std::byte{0}};
    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(host_, no_address);
    const auto raw = [&out](const auto& bytes) {
        for (const auto each : bytes)
            out.push_back(static_cast<std::byte>(each));
    };
    if (no_address) {
        out.push_back(std::byte{3});
        put_counted(out, std::string_view{host_}.substr(0, text_max));
    } else if (address.is_v4()) {
        out.push_back(std::byte{1});
        raw(address.to_v4().to_bytes());
    } else {
        out.push_back(std::byte{4});
        raw(address.to_v6().to_bytes());
    }
    out.push_back(static_cast<std::byte>(port_ >> 8));
    out.push_back(static_cast<std::byte>(port_ & 0xff));
    return out;
}

proxy_dialogue::answer proxy_dialogue::take_connection(wire::bytes input) const
{
    constexpr std::size_t head = 5;  // up to the first byte of the bound address
    if (input.size() < head)
        return {};
    if (input[0] != socks_version)
        return nonsense(by_);
    if (const auto code = std::to_integer<unsigned>(input[1]); code != 0)
        return refusal(fmt::format("the proxy {} does not let us through to {}: {}", describe(by_),
                                   authority(host_, port_), reason_of(code)));
    std::size_t address = 0;
    switch (std::to_integer<unsigned>(input[3])) {
        case 1:
            address = 4;
            break;
        case 3:
            address = 1 + std::to_integer<std::size_t>(input[4]);
            break;
        case 4:
            address = 16;
            break;
        default:
            return nonsense(by_);
    }
    const std::size_t whole = 4 + address + 2;
    if (input.size() < whole)
        return {};
    return {.is = verdict::open, .consumed = whole, .reply = {}, .why = {}};
}

}  // namespace deadair::net
