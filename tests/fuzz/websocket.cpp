// WebSocket frames, seen from either end.
#include "echo-server/wire/websocket.hpp"
#include "echo-server/wire/limits.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto input = fuzz::bytes_of(data, size);
    for (const auto role : {wire::role::client, wire::role::server}) {
        const auto seen = wire::decode_websocket(input, role, wire::body_max);
        if (seen.error != wire::websocket_error::none)
            continue;
        fuzz::must(seen.value.size() <= input.size());
        fuzz::must(seen.value.payload_size <= wire::body_max);
        fuzz::must(seen.value.masked_by.has_value() == (role == wire::role::server));
    }
    return 0;
}
