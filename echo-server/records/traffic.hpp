#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "echo-server/records/suite.hpp"
#include "echo-server/wire/bytes.hpp"

namespace deadair::records {

/// HKDF-Expand-Label with an empty context, by OpenSSL. Source: RFC 8446, section 7.1.
/// @return false for want of memory
bool expand_label(suite by, wire::bytes secret, std::string_view label, std::span<std::byte> into);

/// What protects one record and no other. Wiped when left.
struct record_key {
    record_key() = default;
    record_key(const record_key&) = delete;
    record_key& operator=(const record_key&) = delete;
    ~record_key();

    std::array<std::byte, key_max> key{};
    std::array<std::byte, nonce_size> nonce{};
};

/// One direction's traffic secret, and how many records it has protected: the one owner of both.
/// It cannot be copied, what was moved from is spent, and a number that was handed out is gone
/// whatever becomes of it; so no key sees a number twice. Key and IV are made anew for each record
/// (2 us), which is what lets an idle connection keep 56 bytes a direction. Wiped when left.
class traffic {
public:
    /// @param secret   application_traffic_secret_N (RFC 8446, section 7.2), as long as the suite
    ///                 has it
    /// @param records  that it has protected already
    traffic(suite by, wire::bytes secret, std::uint64_t records);
    traffic(traffic&& from) noexcept;
    traffic& operator=(traffic&&) = delete;
    ~traffic();

    suite by() const { return static_cast<suite>(by_); }
    std::uint64_t records() const { return records_; }
    /// The next record's key. @return false for want of memory
    /// @throws broken_assumption after `records_most`, long before a number could come again
    bool next(record_key& into);
    /// On to the next secret, from record 0. Source: RFC 8446, section 7.2.
    /// @return false for want of memory: then nothing has changed
    bool update();

    /// At a million records a second, nine years.
    static constexpr std::uint64_t records_most = (std::uint64_t{1} << 48) - 1;

private:
    wire::bytes secret() const { return wire::bytes{secret_}.first(secret_size(by())); }

    std::array<std::byte, secret_max> secret_{};
    std::uint64_t records_ : 48;
    std::uint64_t by_ : 16;
};

}  // namespace deadair::records
