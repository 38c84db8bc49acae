#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

/// What the fuzzers share. Each target is one source that defines this entry (libFuzzer's).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
/// What libFuzzer makes of an input by itself.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace deadair::fuzz {

/// Ends the fuzzer with its input kept, when what must hold does not.
inline void must(bool holds)
{
    if (!holds)
        std::abort();
}

inline std::span<const std::byte> bytes_of(const std::uint8_t* data, std::size_t size)
{
    return std::as_bytes(std::span{data, size});
}

inline std::string text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace deadair::fuzz
