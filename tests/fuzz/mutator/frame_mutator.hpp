#pragma once

#include <cstddef>
#include <cstdint>

namespace deadair::fuzz {

/// Mutates a stream of frames as such: their bodies, their types, their order, and frames that each
/// are as long as their type demands. What libFuzzer alone makes of one rarely gets past its head.
/// For LLVMFuzzerCustomMutator, whose arguments these are.
std::size_t mutate_frames(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);

}  // namespace deadair::fuzz
