#include "echo-server/records/record_layer.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>
#include <utility>

#include "analysis/words/assertion.hpp"
#include "echo-server/records/aead.hpp"

namespace deadair::records {

namespace {

constexpr std::byte legacy_major{0x03};
constexpr std::byte legacy_minor{0x03};

// As OpenSSL 3.0 counts them; against peers that keep us busy with nothing.
constexpr int empty_records_max = 32;
constexpr int warnings_max = 4;

heard failed(alert farewell, int reason)
{
    return {.what = heard::kind::failed, .size = 0, .reason = reason, .farewell = farewell};
}

heard no_memory()
{
    return failed(alert::internal_error, ERR_R_MALLOC_FAILURE);
}

std::size_t length_of(const header& seen)
{
    return (std::to_integer<std::size_t>(seen[3]) << 8) | std::to_integer<std::size_t>(seen[4]);
}

header header_of(std::size_t length)
{
    return {std::byte{static_cast<std::uint8_t>(content::application_data)}, legacy_major,
            legacy_minor, std::byte{static_cast<std::uint8_t>(length >> 8)},
            std::byte{static_cast<std::uint8_t>(length & 0xff)}};
}

// The content's type is its last byte but for zeros (RFC 8446, section 5.4); the size is what
// stands before it.
struct inner {
    std::uint8_t type{};
    std::size_t size{};
};
inner inner_of(wire::bytes plain)
{
    std::size_t last = plain.size() - 1;
    while (last > 0 && plain[last] == std::byte{})
        --last;
    return {.type = std::to_integer<std::uint8_t>(plain[last]), .size = last};
}

}  // namespace

record_layer::record_layer(wire::role as, traffic incoming, traffic outgoing)
    : incoming_{std::move(incoming)}, outgoing_{std::move(outgoing)}, role_{as}
{
}

heard record_layer::read(const header& seen)
{
    if (seen[1] != legacy_major)
        return failed(alert::protocol_version, SSL_R_WRONG_VERSION_NUMBER);
    if (seen[0] != header_of(0)[0])
        return failed(alert::unexpected_message, SSL_R_BAD_RECORD_TYPE);
    if (seen[2] != legacy_minor)
        return failed(alert::decode_error, SSL_R_WRONG_VERSION_NUMBER);
    if (length_of(seen) > sealed_max)
        return failed(alert::record_overflow, SSL_R_PACKET_LENGTH_TOO_LONG);
    return {.what = heard::kind::data, .size = length_of(seen)};
}

heard record_layer::open(const header& seen, std::span<std::byte> body)
{
    if (body.size() <= tag_size)
        return failed(alert::bad_record_mac, SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
    record_key with;
    if (!incoming_.next(with))
        return no_memory();
    switch (records::open(incoming_.by(), with, seen, body)) {
        case opening::no_memory:
            return no_memory();
        case opening::forged:
            return failed(alert::bad_record_mac, SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
        case opening::opened:
            return open_content(body.first(body.size() - tag_size));
    }
    return no_memory();
}

heard record_layer::open_content(wire::bytes plain)
{
    const auto [type, size] = inner_of(plain);
    const auto what = static_cast<content>(type);
    if (what != content::alert && what != content::handshake && what != content::application_data)
        return failed(alert::unexpected_message, SSL_R_BAD_RECORD_TYPE);
    if (size == 0 && what != content::application_data)
        return failed(alert::unexpected_message, SSL_R_BAD_LENGTH);
    if (size > plain_max)
        return failed(alert::record_overflow, SSL_R_DATA_LENGTH_TOO_LONG);
    if (what == content::alert) {
        empty_records_ = 0;
        return open_alert(plain.first(size));
    }
    if (size > 0)
        empty_records_ = warnings_ = 0;
    if (what == content::handshake)
        return open_handshake(plain.first(size));
    if (messages_)
        return failed(alert::unexpected_message, SSL_R_UNEXPECTED_RECORD);
    if (size == 0 && ++empty_records_ > empty_records_max)
        return failed(alert::unexpected_message, SSL_R_RECORD_TOO_SMALL);
    return {.what = size > 0 ? heard::kind::data : heard::kind::nothing, .size = size};
}

heard record_layer::open_alert(wire::bytes plain)
{
    if (plain.size() != 2)
        return failed(alert::unexpected_message, SSL_R_INVALID_ALERT);
    const auto number = std::to_integer<std::uint8_t>(plain[1]);
    switch (static_cast<alert>(number)) {
        case alert::close_notify:
            return {.what = heard::kind::closed};
        case alert::user_canceled:
            if (++warnings_ > warnings_max)
                return failed(alert::unexpected_message, SSL_R_TOO_MANY_WARN_ALERTS);
            return {};
        default:
            // The peer has gone: nothing is owed to it.
            return {.what = heard::kind::failed,
                    .size = 0,
                    .reason = SSL_AD_REASON_OFFSET + number,
                    .farewell = std::nullopt};
    }
}

heard record_layer::open_handshake(wire::bytes plain)
{
    if (!messages_)
        messages_ = std::make_unique<handshake_messages>();
    messages_->append(plain);
    while (const auto message = messages_->next(role_)) {
        if (message->what == handshake_message::kind::broken)
            return failed(message->farewell, message->reason);
        if (message->what == handshake_message::kind::key_update) {
            owes_update_ = owes_update_ || message->asks_update;
            if (!incoming_.update())
                return no_memory();
        }
    }
    if (messages_->empty())
        messages_.reset();
    return {};
}

void record_layer::append(wire::buffer& to, content what, wire::bytes plain)
{
    const auto sealed = plain.size() + 1 + tag_size;
    const auto head = header_of(sealed);
    const auto start = to.size();
    to.insert(to.end(), head.begin(), head.end());
    to.insert(to.end(), plain.begin(), plain.end());
    to.push_back(std::byte{static_cast<std::uint8_t>(what)});
    to.resize(start + header_size + sealed);
    record_key with;
    if (!outgoing_.next(with) ||
        !records::seal(outgoing_.by(), with, head, std::span{to}.subspan(start + header_size)))
        throw std::bad_alloc{};
}

wire::buffer record_layer::seal(wire::bytes data)
{
    assert_that(!data.empty() && data.size() <= plain_max,
                "a record is neither empty nor too long");
    wire::buffer sealed;
    if (owes_update_ || outgoing_.records() + 1 >= records_under_one_key) {
        append(sealed, content::handshake, handshake_messages::key_update);
        if (!outgoing_.update())
            throw std::bad_alloc{};
        owes_update_ = false;
    }
    append(sealed, content::application_data, data);
    return sealed;
}

wire::buffer record_layer::seal(alert last)
{
    constexpr std::byte warning{1};
    constexpr std::byte fatal{2};
    const std::array plain{last == alert::close_notify ? warning : fatal,
                           std::byte{static_cast<std::uint8_t>(last)}};
    wire::buffer sealed;
    append(sealed, content::alert, plain);
    return sealed;
}

}  // namespace deadair::records
