#include "echo-server/transfer.hpp"

namespace deadair::echo_server {

void transfer::moved(nanoseconds now)
{
    if (began_ == nanoseconds{})
        began_ = now;
    at_ = now;
}

bool transfer::take(std::uint64_t bytes, nanoseconds now)
{
    moved(now);
    if (bytes == 0 || bytes > size_ - done_)
        return false;
    done_ += bytes;
    return true;
}

bool transfer::send(net::channel& over, nanoseconds now)
{
    moved(now);
    const bool all = out_->go_on(over);
    done_ = out_->handed();
    return all;
}

wire::transferred transfer::report(wire::transfer_end how, std::uint32_t connection,
                                   const wire::socket_facts& last) const
{
    return {.transfer = number_,
            .connection = connection,
            .how = how,
            .size = done_,
            .began = began_,
            .at = at_,
            .last = last};
}

}  // namespace deadair::echo_server
