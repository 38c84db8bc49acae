#include "echo-server/transport/bulk_sender.hpp"

#include <algorithm>

namespace deadair::net {

namespace {

// About a megabyte in one go, so that the other connections have their turn.
constexpr int frames_at_once = 64;

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
    for (int sent = 0; over.drained(); ++sent) {
        if (handed_ == size_)
            return true;
        if (sent == frames_at_once) {
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
