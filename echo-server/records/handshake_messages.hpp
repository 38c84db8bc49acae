#pragma once

#include <array>
#include <optional>

#include "echo-server/records/record.hpp"
#include "echo-server/wire/websocket.hpp"

namespace deadair::records {

/// A handshake message that came after the handshake.
struct handshake_message {
    enum class kind : std::uint8_t {
        key_update,
        ticket,  ///< for a client, which has no use for it: nothing is resumed
        broken,  ///< the connection is over
    };
    kind what{};
    bool asks_update{};  ///< of `key_update`: the peer wants new keys of ours
    alert farewell{};    ///< of `broken`
    int reason{};        ///< the same, as OpenSSL numbers it
};

/// Cuts the content of handshake records into messages: several may stand in one record, and one
/// may go over several. Source: RFC 8446, sections 4, 4.6 and 5.1.
class handshake_messages {
public:
    void append(wire::bytes plain) { held_.insert(held_.end(), plain.begin(), plain.end()); }
    /// The next whole message; nullopt when more must come. What is too long, or may not come at
    /// all, is told as soon as its head is there. @param as  who receives it
    std::optional<handshake_message> next(wire::role as);
    bool empty() const { return held_.empty(); }

    /// A KeyUpdate that asks for none in return.
    static constexpr std::array key_update{std::byte{24}, std::byte{0}, std::byte{0}, std::byte{1},
                                           std::byte{0}};
    /// Longer ones end the connection; OpenSSL takes 128 KiB of a ticket. In bytes.
    static constexpr std::size_t ticket_max = plain_max;

private:
    wire::buffer held_;
};

}  // namespace deadair::records
