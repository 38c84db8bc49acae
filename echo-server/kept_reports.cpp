#include "echo-server/kept_reports.hpp"

#include <algorithm>

#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::echo_server {

bool kept_reports::has_room_for(std::size_t more) const
{
    return bytes_.size() + more <= wire::reports_kept_bytes_max &&
           shared_->used + more <= shared_->most;
}

void kept_reports::keep(wire::bytes frame)
{
    while (!has_room_for(frame.size()) && !empty())
        (void)take();
    if (!has_room_for(frame.size()))
        return;
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    shared_->used += frame.size();
}

wire::buffer kept_reports::take()
{
    // Our own frames, so whole ones: the head tells how long the first is.
    wire::buffer first{bytes_.begin(), bytes_.begin() + wire::header_size};
    const auto size = wire::header_size + wire::body_size(first);
    first.assign(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    shared_->used -= size;
    return first;
}

}  // namespace deadair::echo_server
