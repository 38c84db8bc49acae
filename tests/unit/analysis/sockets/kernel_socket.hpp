#pragma once

#include "analysis/sockets/sample.hpp"

namespace deadair::sockets {

// A TCP socket as the kernel counts it, in simulated time: it was opened at 0.
class kernel_socket {
public:
    explicit kernel_socket(std::uint64_t cookie = 1, std::uint8_t remote = 7)
    {
        seen_.cookie = cookie;
        seen_.inode = 100 + cookie;
        seen_.local = {.address = {192, 0, 2, 1},
                       .port = static_cast<std::uint16_t>(40'000 + cookie)};
        seen_.remote = {.address = {198, 51, 100, remote}, .port = 443};
        seen_.round_trip = std::chrono::milliseconds{20};
        seen_.segments_in = 1;
        seen_.segments_out = 2;
    }

    void wait(nanoseconds so_long) { now_ += so_long; }
    void send(std::uint32_t segments = 1)
    {
        seen_.segments_out += segments;
        seen_.data_out += segments;
        seen_.unacknowledged += segments;
        seen_.sent = now_;
        if (seen_.running == audit::timer::none)
            seen_.running = audit::timer::retransmission;
    }
    void send_again()
    {
        ++seen_.segments_out;
        ++seen_.data_out;
        ++seen_.retransmitted;
        seen_.sent = now_;
    }
    // After a round trip.
    void be_acknowledged()
    {
        now_ += seen_.round_trip;
        ++seen_.segments_in;
        seen_.bytes_acknowledged += 100 * seen_.unacknowledged;
        seen_.unacknowledged = 0;
        seen_.unanswered_asked = 0;
        seen_.acknowledged = now_;
        seen_.running = audit::timer::none;
    }
    // And acknowledges it.
    void receive(std::uint32_t segments = 1)
    {
        seen_.segments_in += segments;
        seen_.data_in += segments;
        seen_.bytes_received += 100 * segments;
        seen_.received = now_;
        ++seen_.segments_out;
    }
    void ask_keepalive()
    {
        ++seen_.segments_out;
        ++seen_.unanswered_asked;
        seen_.running = audit::timer::keepalive;
    }
    // Nothing tells when.
    void answer_keepalive()
    {
        ++seen_.segments_in;
        ++seen_.segments_out;
    }
    void be_reset() { ++seen_.segments_in; }
    void be_closed()
    {
        ++seen_.segments_in;
        ++seen_.segments_out;
        ++seen_.bytes_received;
        seen_.acknowledged = now_;
        seen_.in = stage::other_closed;
    }
    void close()
    {
        ++seen_.segments_out;
        seen_.in = stage::closing;
        seen_.inode = 0;
        ++seen_.unacknowledged;
    }
    void send_fin_again()
    {
        ++seen_.segments_out;
        ++seen_.retransmitted;
    }

    nanoseconds now() const { return now_; }
    sample look() const
    {
        auto made = seen_;
        made.at = now_;
        return made;
    }

private:
    nanoseconds now_{};
    sample seen_;
};

}  // namespace deadair::sockets
