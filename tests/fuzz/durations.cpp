// A duration as people write it.
#include "analysis/words/duration.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto read = parse_duration(fuzz::text_of(data, size));
    if (!read)
        return 0;
    fuzz::must(*read >= nanoseconds{} && *read <= std::chrono::hours{24 * 3660});
    fuzz::must(!format_duration(*read).empty());
    fuzz::must(from_seconds(to_seconds(*read)) - *read < std::chrono::microseconds{100});
    return 0;
}
