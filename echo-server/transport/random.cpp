#include "echo-server/transport/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace deadair::net {

void fill_random(std::span<std::byte> into)
{
    if (RAND_bytes(reinterpret_cast<unsigned char*>(into.data()), static_cast<int>(into.size())) !=
        1)
        throw std::runtime_error("OpenSSL has no random bytes; without them nothing is secret");
}

}  // namespace deadair::net
