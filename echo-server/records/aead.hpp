#pragma once

#include <span>

#include "echo-server/records/traffic.hpp"

/// One record under one key, by OpenSSL's AEAD. Source: RFC 8446, section 5.2.
namespace deadair::records {

/// Encrypts in place. @param header  of the record, as it goes out: authenticated as well
/// @param content  plain text, and room for the tag in its last `tag_size` bytes
/// @return false for want of memory; then nothing of it may be sent
bool seal(suite by, const record_key& with, wire::bytes header, std::span<std::byte> content);

enum class opening : std::uint8_t {
    opened,
    forged,  ///< it is not what the peer sealed, or not in this place
    no_memory,
};

/// Decrypts in place. Unless it says `opened`, nothing in `content` means anything.
/// @param content  of the record, the tag included; at least `tag_size` bytes
opening open(suite by, const record_key& with, wire::bytes header, std::span<std::byte> content);

}  // namespace deadair::records
