#pragma once

#include <cstdint>

#include "echo-server/wire/frame.hpp"

/// What a probe connection carries once it has joined.
namespace deadair::wire {

/// The message under test; travels in either direction.
struct probe {
    static constexpr auto type = frame_type::probe;
    std::uint32_t probe_number{};
};

/// On a probe connection: `size` bytes follow as the bodies of `bulk` frames. One transfer at a
/// time.
struct upload {
    static constexpr auto type = frame_type::upload;
    std::uint32_t transfer{};
    std::uint64_t size{};  ///< 1 to `transfer_max`
};
/// A byte of no meaning, to keep a binding alive; travels in either direction, unanswered.
struct filler {
    static constexpr auto type = frame_type::filler;
};

}  // namespace deadair::wire
