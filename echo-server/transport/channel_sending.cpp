// What a channel sends: at once if the socket takes it, else when it does.
#include <boost/asio/post.hpp>
#include <utility>

#include "echo-server/transport/channel.hpp"
#include "echo-server/transport/channel_state.hpp"

namespace deadair::net {

void channel::write(wire::bytes data)
{
    if (stage_ == stage::ended)
        return;
    std::size_t written = 0;
    while (output_.empty() && written < data.size()) {
        const auto taken = stream_.write_some(data.subspan(written));
        if (taken.what == progress::done) {
            written += taken.transferred;
            continue;
        }
        if (taken.what == progress::ended) {
            // The kernel tells an error once: a read would take the end for an orderly one.
            failed_ = true;
            // The end is told from the loop, never from within the owner's own call.
            boost::asio::post(socket_.get_executor(), [self = shared_from_this(), taken] {
                self->finish(taken.cause, taken.detail);
            });
        }
        break;
    }
    tell_sent();
    output_.insert(output_.end(), data.begin() + static_cast<std::ptrdiff_t>(written), data.end());
    if (output_.size() > wire::queued_max) {
        boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
            self->finish(wire::end_cause::broken, "the peer does not read what it is sent");
        });
        return;
    }
    if (!output_.empty())
        wait(tcp::socket::wait_write);
}

void channel::flush()
{
    const auto waiting = std::exchange(output_, {});
    write(waiting);
    if (output_.empty() && stage_ == stage::open)
        owner_->on_drained();
}

void channel::tell_drained()
{
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->output_.empty() && self->stage_ == stage::open)
            self->owner_->on_drained();
    });
}

void channel::tell_sent()
{
    const auto all = static_cast<std::uint32_t>(stream_.sent());
    const auto before = std::exchange(sent_told_, all);
    if (all != before)
        owner_->on_sent(all - before);
}

}  // namespace deadair::net
