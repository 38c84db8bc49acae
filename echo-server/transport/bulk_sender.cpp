#include "echo-server/transport/bulk_sender.hpp"

#include <algorithm>

#include "echo-server/transport/turn.hpp"

namespace deadair::net {

namespace {

// Bytes that nothing on the way can compress to almost nothing.
wire::buffer filling()
{
    wire::buffer body(wire::bulk_max);
    std::uint32_t state = 1;
    for (auto& each : body) {
        state = state * 1664525 + 1013904223;  // Knuth, The Art of Computer Programming 2, 3.3.4
        each = static_cast<std::byte>(state >> 24);
    }
    return body;
}

}  // namespace

bool bulk_sender::go_on(channel& over)
{
    static const auto body = filling();
    for (const turn mine; over.drained();) {
        if (handed_ == size_)
            return true;
        if (mine.over()) {
            over.tell_drained();
            return false;
        }
        const auto part = std::min<std::uint64_t>(size_ - handed_, body.size());
        handed_ += part;
        over.send(wire::encode_frame(wire::frame_type::bulk, wire::bytes{body}.first(part)));
    }
    return false;
}

}  // namespace deadair::net
