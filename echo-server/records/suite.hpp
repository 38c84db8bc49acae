#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

/// TLS 1.3 after its handshake, without a connection's SSL object: records are opened and sealed
/// with keys that OpenSSL agreed on, by OpenSSL's own cipher code. No socket.
namespace deadair::records {

/// What protects records. Source: RFC 8446, section B.4.
enum class suite : std::uint16_t {
    aes_128_gcm_sha256 = 0x1301,
    aes_256_gcm_sha384 = 0x1302,
    chacha20_poly1305_sha256 = 0x1303,
};

/// @param number  as the handshake names it; the two short-tag suites (CCM) are not spoken here
std::optional<suite> suite_of(std::uint16_t number);

/// Of a traffic secret: as long as the hash. In bytes.
std::size_t secret_size(suite of);
/// In bytes.
std::size_t key_size(suite of);

inline constexpr std::size_t secret_max = 48;
inline constexpr std::size_t key_max = 32;
inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;

}  // namespace deadair::records
