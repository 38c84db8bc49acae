#include "echo-server/wire/proof.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

buffer token(std::string_view text)
{
    const auto raw = std::as_bytes(std::span{text.data(), text.size()});
    return {raw.begin(), raw.end()};
}

exchange some_exchange()
{
    exchange said;
    said.client_nonce.fill(std::byte{1});
    said.server_nonce.fill(std::byte{2});
    said.binding.fill(std::byte{3});
    return said;
}

TEST(proof, is_the_same_for_both_who_know_the_token)
{
    EXPECT_TRUE(same(prove_client(token("secret"), some_exchange()),
                     prove_client(token("secret"), some_exchange())));
}

TEST(proof, of_one_end_does_not_serve_the_other)
{
    EXPECT_FALSE(same(prove_client(token("secret"), some_exchange()),
                      prove_server(token("secret"), some_exchange())));
}

TEST(proof, depends_on_the_token_both_nonces_and_the_channel)
{
    const auto right = prove_client(token("secret"), some_exchange());
    EXPECT_FALSE(same(right, prove_client(token("Secret"), some_exchange())));
    auto other = some_exchange();
    other.client_nonce[31] = std::byte{9};
    EXPECT_FALSE(same(right, prove_client(token("secret"), other)));
    other = some_exchange();
    other.server_nonce[0] = std::byte{9};
    EXPECT_FALSE(same(right, prove_client(token("secret"), other)));
    other = some_exchange();
    other.binding[7] = std::byte{9};
    EXPECT_FALSE(same(right, prove_client(token("secret"), other)));
}

}  // namespace
}  // namespace deadair::wire
