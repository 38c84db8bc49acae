#include "echo-server/wire/token.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace deadair::wire {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "" when the line holds no token; an error text when it makes no sense.
std::string read_line(std::string_view line, std::size_t number, std::vector<token>& into)
{
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty())
        return {};
    const auto gap = line.find_last_of(blanks);
    const auto secret = parse_secret(gap == std::string_view::npos ? line : line.substr(gap + 1));
    if (!secret)
        return fmt::format("line {}: a token is {} hexadecimal digits, after an optional name",
                           number, 2 * token_size);
    auto name = gap == std::string_view::npos ? fmt::format("token-{}", number)
                                              : std::string{trimmed(line.substr(0, gap))};
    if (std::ranges::find(into, *secret, &token::secret) != into.end())
        return {};
    if (std::ranges::find(into, name, &token::name) != into.end())
        return fmt::format("line {}: the name '{}' is taken", number, name);
    into.push_back({std::move(name), *secret});
    return {};
}

}  // namespace

token_list parse_tokens(std::string_view text)
{
    token_list list;
    std::size_t number = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        list.error = read_line(line, ++number, list.tokens);
        if (list.tokens.size() > tokens_max)
            list.error = fmt::format("more than {} tokens", tokens_max);
        if (!list.error.empty())
            return list;
    }
    if (list.tokens.empty())
        list.error = "there is no token in it";
    return list;
}

std::optional<buffer> parse_secret(std::string_view hex)
{
    if (hex.size() != 2 * token_size)
        return std::nullopt;
    buffer secret;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        unsigned value = 0;
        const auto* const end = hex.data() + i + 2;
        const auto [stopped, error] = std::from_chars(hex.data() + i, end, value, 16);
        if (error != std::errc{} || stopped != end)
            return std::nullopt;
        secret.push_back(static_cast<std::byte>(value));
    }
    return secret;
}

std::string to_hex(bytes value)
{
    std::string text;
    for (const auto byte : value)
        text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return text;
}

bool same_secret(bytes left, bytes right)
{
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace deadair::wire
