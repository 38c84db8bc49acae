#include "echo-server/transport/upgrade.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "echo-server/transport/random.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::net {

namespace {

namespace http = boost::beast::http;

// 16 bytes in base64 (RFC 6455, section 4.1). With a shorter one our answer could be longer than
// the request.
constexpr std::size_t upgrade_key_size = 24;

std::string base64_of(std::span<const unsigned char> value)
{
    std::string text(4 * ((value.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), value.data(),
                                       static_cast<int>(value.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

template <class Fields>
bool has_token(const Fields& fields, http::field name, std::string_view token)
{
    return http::token_list{fields[name]}.exists(token);
}

// Feeds the parser; `incomplete` until it has seen the empty line.
template <class Parser>
upgrade_error feed(Parser& parser, wire::bytes input, std::size_t& consumed)
{
    parser.header_limit(wire::upgrade_max);
    parser.eager(false);
    boost::beast::error_code error;
    consumed = parser.put(boost::asio::buffer(input.data(), input.size()), error);
    if (error == http::error::need_more)
        return input.size() > wire::upgrade_max ? upgrade_error::broken : upgrade_error::incomplete;
    if (error)
        return upgrade_error::broken;
    return parser.is_header_done() ? upgrade_error::none : upgrade_error::incomplete;
}

}  // namespace

std::string base64(std::string_view value)
{
    return base64_of({reinterpret_cast<const unsigned char*>(value.data()), value.size()});
}

std::string accept_value(const std::string& key)
{
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base64_of(digest);
}

upgrade_request parse_upgrade_request(wire::bytes input)
{
    http::request_parser<http::empty_body> parser;
    upgrade_request result;
    result.error = feed(parser, input, result.consumed);
    if (result.error != upgrade_error::none)
        return result;
    const auto& request = parser.get();
    result.target = std::string{request.target()};
    result.key = std::string{request[http::field::sec_websocket_key]};
    result.authorization = std::string{request[http::field::authorization]};
    const bool fits = request.method() == http::verb::get && request.version() == 11 &&
                      has_token(request, http::field::connection, "upgrade") &&
                      has_token(request, http::field::upgrade, "websocket") &&
                      request[http::field::sec_websocket_version] == "13" &&
                      result.key.size() == upgrade_key_size;
    if (!fits)
        result.error = upgrade_error::broken;
    return result;
}

std::string upgrade_answer(const std::string& key)
{
    return fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: {}\r\n\r\n",
        accept_value(key));
}

std::string upgrade_refusal(const std::string& status)
{
    return fmt::format("HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status);
}

std::string upgrade_request_text(const std::string& host, const std::string& key)
{
    return fmt::format(
        "GET /deadair HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n\r\n",
        host, key);
}

std::string connect_request_text(const std::string& authority, const std::string& user,
                                 const std::string& password)
{
    auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
    if (!user.empty())
        text += fmt::format("Proxy-Authorization: Basic {}\r\n", base64(user + ":" + password));
    return text + "\r\n";
}

upgrade_response parse_connect_answer(wire::bytes input)
{
    http::response_parser<http::empty_body> parser;
    upgrade_response result;
    result.error = feed(parser, input, result.consumed);
    if (result.error != upgrade_error::none)
        return result;
    result.status = parser.get().result_int();
    if (result.status / 100 != 2)
        result.error = upgrade_error::refused;
    return result;
}

std::string fresh_upgrade_key()
{
    return base64_of(random_bytes<std::array<unsigned char, 16>>());
}

upgrade_response parse_upgrade_response(wire::bytes input, const std::string& key)
{
    http::response_parser<http::empty_body> parser;
    upgrade_response result;
    result.error = feed(parser, input, result.consumed);
    if (result.error != upgrade_error::none)
        return result;
    const auto& response = parser.get();
    result.status = response.result_int();
    if (result.status != 101)
        result.error = upgrade_error::refused;
    else if (!has_token(response, http::field::upgrade, "websocket") ||
             response[http::field::sec_websocket_accept] != accept_value(key))
        result.error = upgrade_error::broken;
    return result;
}

}  // namespace deadair::net
