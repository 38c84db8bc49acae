// A token file.
#include "echo-server/wire/token.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto read = wire::parse_tokens(fuzz::text_of(data, size));
    fuzz::must(read.tokens.size() <= wire::tokens_max);
    for (const auto& each : read.tokens) {
        fuzz::must(each.secret.size() == wire::token_size);
        const auto again = wire::parse_secret(wire::to_hex(each.secret));
        fuzz::must(again && wire::same_secret(*again, each.secret));
    }
    return 0;
}
