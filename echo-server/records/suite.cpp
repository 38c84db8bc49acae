#include "echo-server/records/suite.hpp"

namespace deadair::records {

std::optional<suite> suite_of(std::uint16_t number)
{
    switch (const auto named = static_cast<suite>(number)) {
        case suite::aes_128_gcm_sha256:
        case suite::aes_256_gcm_sha384:
        case suite::chacha20_poly1305_sha256:
            return named;
    }
    return std::nullopt;
}

std::size_t secret_size(suite of)
{
    return of == suite::aes_256_gcm_sha384 ? 48 : 32;
}

std::size_t key_size(suite of)
{
    return of == suite::aes_128_gcm_sha256 ? 16 : 32;
}

}  // namespace deadair::records
