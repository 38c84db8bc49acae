#pragma once

#include <cstddef>
#include <span>

namespace deadair::net {

/// Fills it with random bytes that nobody can foresee. @throws std::runtime_error if there are
/// none: then no secret may be made, and the program is better stopped.
void fill_random(std::span<std::byte> into);

/// An identifier, a ticket, a nonce: any array of bytes.
template <class Bytes>
Bytes random_bytes()
{
    Bytes value{};
    fill_random(std::as_writable_bytes(std::span{value}));
    return value;
}

}  // namespace deadair::net
