#pragma once

#include <memory>
#include <optional>

#include "echo-server/records/handshake_messages.hpp"
#include "echo-server/records/record.hpp"
#include "echo-server/records/traffic.hpp"

namespace deadair::records {

/// What came of a record, or of its header.
struct heard {
    enum class kind : std::uint8_t {
        data,     ///< `size` bytes for the application, at the front of what was opened
        nothing,  ///< done with; there was nothing for the application in it
        closed,   ///< close_notify
        failed,   ///< the connection is over
    };
    kind what{kind::nothing};
    std::size_t size{};
    int reason{};                     ///< of `failed`, as OpenSSL numbers it (SSL_R_…)
    std::optional<alert> farewell{};  ///< of `failed`: owed to the peer
};

/// Both directions of a connection whose handshake is over. What breaks the rules ends it as
/// OpenSSL 3.0 would end it: with its reason, and its alert to the peer. After `closed` or
/// `failed` no more may be given to it.
class record_layer {
public:
    /// @pre both of one suite
    record_layer(wire::role as, traffic incoming, traffic outgoing);

    /// Whether a record may begin so. `data`: `size` bytes follow the header; else `failed`.
    static heard read(const header& seen);
    /// Opens a whole record, in place.
    /// @param body  what follows the header, as many bytes as `read` said
    heard open(const header& seen, std::span<std::byte> body);

    /// One record, or two where a KeyUpdate is due before it: as the peer asked, or since the key
    /// has protected `records_under_one_key`.
    /// @param data  1 byte to `plain_max`
    /// @throws std::bad_alloc: then no record of ours may follow
    wire::buffer seal(wire::bytes data);
    /// The same of the last record of all. `close_notify` is a warning, the others are fatal.
    wire::buffer seal(alert last);

    /// RFC 8446, section 5.5, allows AES-GCM 2^24.5 of full size; ChaCha20-Poly1305, which needs no
    /// such limit, has the same.
    static constexpr std::uint64_t records_under_one_key = std::uint64_t{1} << 24;

private:
    heard open_content(wire::bytes plain);
    heard open_alert(wire::bytes plain);
    heard open_handshake(wire::bytes plain);
    void append(wire::buffer& to, content what, wire::bytes plain);

    traffic incoming_;
    traffic outgoing_;
    std::unique_ptr<handshake_messages> messages_;  // of which more is to come
    wire::role role_;
    bool owes_update_{};            // the peer asked for new keys of ours
    std::uint8_t empty_records_{};  // in a row
    std::uint8_t warnings_{};       // in a row
};

}  // namespace deadair::records
