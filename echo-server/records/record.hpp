#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// How a record looks. Source: RFC 8446, sections 5.1, 5.2 and 6.
namespace deadair::records {

inline constexpr std::size_t header_size = 5;
/// Of what a record carries, in bytes.
inline constexpr std::size_t plain_max = 16 * 1024;
/// Of what follows a record's header, in bytes.
inline constexpr std::size_t sealed_max = plain_max + 256;

using header = std::array<std::byte, header_size>;

enum class content : std::uint8_t { alert = 21, handshake = 22, application_data = 23 };

/// What an end tells its peer before it goes. Only what can come after the handshake.
enum class alert : std::uint8_t {
    close_notify = 0,
    unexpected_message = 10,
    bad_record_mac = 20,
    record_overflow = 22,
    illegal_parameter = 47,
    decode_error = 50,
    protocol_version = 70,
    internal_error = 80,
    user_canceled = 90,
};

}  // namespace deadair::records
