// The first bytes of a connection, the HTTP upgrade, and its answer.
#include "echo-server/transport/upgrade.hpp"

#include "echo-server/wire/first_bytes.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto input = fuzz::bytes_of(data, size);
    if (!input.empty())
        (void)wire::opening_of(input.front());
    const auto request = net::parse_upgrade_request(input);
    fuzz::must(request.consumed <= input.size());
    if (request.error == net::upgrade_error::none)
        (void)net::upgrade_answer(request.key);
    const auto response = net::parse_upgrade_response(input, "dGhlIHNhbXBsZSBub25jZQ==");
    fuzz::must(response.consumed <= input.size());
    return 0;
}
