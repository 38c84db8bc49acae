#pragma once

#include <cstdint>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

/// Sends much in `bulk` frames, as fast as the kernel takes it, and holds one frame at most.
class bulk_sender {
public:
    /// @param size  bytes of bodies, at least 1
    explicit bulk_sender(std::uint64_t size) : size_{size} {}

    /// Hands over what the kernel takes now; to be called again on each `on_drained`.
    /// @return true when the kernel has all of it.
    bool go_on(channel& over);
    /// Bytes handed to the channel.
    std::uint64_t handed() const { return handed_; }
    std::uint64_t size() const { return size_; }

private:
    std::uint64_t size_;
    std::uint64_t handed_{};
};

}  // namespace deadair::net
