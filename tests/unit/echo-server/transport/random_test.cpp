#include "echo-server/transport/random.hpp"

#include <gtest/gtest.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace deadair::net {
namespace {

TEST(random_bytes, differ_each_time)
{
    using bytes = std::array<std::byte, 16>;
    EXPECT_NE(random_bytes<bytes>(), random_bytes<bytes>());
}

// Deprecated, and yet the one way to take OpenSSL's chance away.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

TEST(random_bytes, are_never_made_up_when_there_are_none)
{
    const auto* const usual = RAND_get_rand_method();
    RAND_METHOD none{};
    none.bytes = [](unsigned char*, int) { return 0; };
    RAND_set_rand_method(&none);
    using bytes = std::array<std::byte, 16>;
    EXPECT_THROW((void)random_bytes<bytes>(), std::runtime_error);
    RAND_set_rand_method(usual);
}

#pragma GCC diagnostic pop

}  // namespace
}  // namespace deadair::net
