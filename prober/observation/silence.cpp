#include "prober/observation/silence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// The kernel's ages come in jiffies (4 ms at 250 Hz), and acknowledgements take their time.
constexpr nanoseconds kernel_age_tolerance = 60ms;

nanoseconds silence_seen(const socket_facts& facts)
{
    return std::chrono::milliseconds{std::min(
        {facts.since_data_sent_ms, facts.since_data_received_ms, facts.since_ack_received_ms})};
}

}  // namespace

void silence::rest(time at, nanoseconds error, const std::optional<socket_facts>& now)
{
    since_ = at;
    error_ = error;
    at_rest_ = now.value_or(socket_facts{});
    // TCP doubles the time until it tries again each time (RFC 6298 5.5): long after the path
    // works, what waits to be acknowledged may still hold back what is to keep the connection
    // alive.
    if (now && now->unacknowledged == 0)
        interrupted_ = false;
}

void silence::settle(time at, const std::optional<socket_facts>& now)
{
    if (!now || how_.by != refresh::none)
        return;
    if (now->segments_in == at_rest_.segments_in && now->segments_out == at_rest_.segments_out)
        return;
    // The last packet passed somewhere between `rest` and now.
    const auto lower = since_ - error_;
    error_ = (at - lower) / 2;
    since_ = lower + error_;
    at_rest_ = *now;
}

std::string silence::disturbance(const std::optional<socket_facts>& now) const
{
    if (kept_)
        return {};
    if (!now || now->segments_in < at_rest_.segments_in)
        return "the connection ended before the probe";  // and its counters with it
    if (how_.by != refresh::none)
        return how_.from != refresh_side::client || now->segments_out != at_rest_.segments_out
                   ? ""
                   : "nothing was sent to refresh the connection";
    const auto in = now->segments_in - at_rest_.segments_in;
    const auto out = now->segments_out - at_rest_.segments_out;
    if (in != 0 || out != 0)
        return fmt::format("{} segments came and {} left during the silence", in, out);
    if (now->unacknowledged != 0)
        return "the silence began with data unacknowledged";
    return {};
}

std::string disturbance_at_far_end(const socket_facts& before, nanoseconds idle_age,
                                   nanoseconds error)
{
    if (before.unacknowledged != 0)
        return "the server had data unacknowledged";
    const auto silence = silence_seen(before);
    if (silence + error + kernel_age_tolerance < idle_age)
        return fmt::format("the server's kernel saw a packet {:.3f} s before the probe",
                           to_seconds(silence));
    return {};
}

std::string disturbance_by_sender(const socket_facts& now, nanoseconds idle_age, nanoseconds error)
{
    const nanoseconds since = std::chrono::milliseconds{now.since_data_sent_ms};
    if (since + error + kernel_age_tolerance >= idle_age)
        return {};
    return fmt::format("the question was sent again {:.3f} s before its answer", to_seconds(since));
}

}  // namespace deadair::observation
