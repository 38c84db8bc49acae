#include "echo-server/records/handshake_messages.hpp"

#include <openssl/ssl.h>

namespace deadair::records {

namespace {

constexpr std::size_t head_size = 4;

handshake_message broken(alert farewell, int reason)
{
    return {.what = handshake_message::kind::broken, .farewell = farewell, .reason = reason};
}

// Passes over what has its length before it, in so many bytes. @return its size, if it is whole
std::optional<std::size_t> pass(wire::bytes& from, std::size_t length_bytes)
{
    if (from.size() < length_bytes)
        return std::nullopt;
    std::size_t size = 0;
    for (const auto each : from.first(length_bytes))
        size = size * 0x100 + std::to_integer<std::size_t>(each);
    if (from.size() - length_bytes < size)
        return std::nullopt;
    from = from.subspan(length_bytes + size);
    return size;
}

// Whether it is one at all; what stands in it serves nobody. Source: RFC 8446, section 4.6.1.
bool is_ticket(wire::bytes body)
{
    constexpr std::size_t lifetime_and_age = 8;
    if (body.size() < lifetime_and_age)
        return false;
    body = body.subspan(lifetime_and_age);
    const bool nonce = pass(body, 1).has_value();
    const bool ticket = nonce && pass(body, 2).value_or(0) > 0;
    return ticket && pass(body, 2).has_value() && body.empty();  // last the extensions
}

handshake_message key_update_of(wire::bytes body, bool last)
{
    // What follows is under another key: it cannot be in the same record.
    if (!last)
        return broken(alert::unexpected_message, SSL_R_NOT_ON_RECORD_BOUNDARY);
    if (body.size() != 1)
        return broken(alert::decode_error, SSL_R_BAD_KEY_UPDATE);
    const auto asks = std::to_integer<int>(body.front());
    if (asks > 1)
        return broken(alert::illegal_parameter, SSL_R_BAD_KEY_UPDATE);
    return {.what = handshake_message::kind::key_update, .asks_update = asks == 1};
}

}  // namespace

std::optional<handshake_message> handshake_messages::next(wire::role as)
{
    if (held_.size() < head_size)
        return std::nullopt;
    wire::reader head{held_};
    const auto type_and_size = head.number<std::uint32_t>();
    const auto type = type_and_size >> 24;
    const std::size_t size = type_and_size & 0xffffff;
    const bool update = type == SSL3_MT_KEY_UPDATE;
    if (!update && (type != SSL3_MT_NEWSESSION_TICKET || as != wire::role::client))
        return broken(alert::unexpected_message, SSL_R_UNEXPECTED_MESSAGE);
    if (size > (update ? std::size_t{1} : ticket_max))
        return broken(alert::illegal_parameter, SSL_R_EXCESSIVE_MESSAGE_SIZE);
    if (held_.size() < head_size + size)
        return std::nullopt;
    const wire::buffer body{held_.begin() + head_size,
                            held_.begin() + static_cast<std::ptrdiff_t>(head_size + size)};
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(head_size + size));
    if (update)
        return key_update_of(body, held_.empty());
    if (!is_ticket(body))
        return broken(alert::decode_error, SSL_R_LENGTH_MISMATCH);
    return handshake_message{.what = handshake_message::kind::ticket};
}

}  // namespace deadair::records
