#include "analysis/sockets/change.hpp"

#include <algorithm>
#include <span>

namespace deadair::sockets {

namespace {

using namespace std::chrono_literals;

// The kernel dates by its tick, of 1 to 10 ms, and we read the clock a little beside it.
constexpr nanoseconds moved_min = 30ms;
// Longer delayed no acknowledgement is (TCP_DELACK_MAX, include/net/tcp.h).
constexpr nanoseconds acknowledgement_delay_max = 200ms;
// More is no late reading.
constexpr nanoseconds reading_late_max = 500ms;

bool is_loopback(const endpoint& where)
{
    if (where.family == address_family::ipv4)
        return where.address[0] == 127;
    return std::ranges::all_of(std::span{where.address}.first(15),
                               [](std::uint8_t each) { return each == 0; });
}

// When the last of a kind came or went, if any did.
std::optional<nanoseconds> last_sent(const change& what, const sample& now)
{
    return what.data_out != 0 ? std::optional{now.sent} : std::nullopt;
}

std::optional<nanoseconds> last_received(const change& what, const sample& now)
{
    return what.data_in != 0 ? std::optional{now.received} : std::nullopt;
}

// Not before the look that still found silence.
span until(nanoseconds latest, const sample& before)
{
    return {before.at, std::max(latest, before.at)};
}

span exactly(nanoseconds at)
{
    return {at, at};
}

opening both_spoke(const change& what, const sample& before, const sample& now)
{
    const bool here_first = what.data_in == 1 && now.received > now.sent;
    const bool other_first = what.data_out == 1 && now.sent > now.received;
    if (here_first)
        return {.by = speaker::here,
                .at = what.data_out == 1 ? exactly(now.sent) : until(now.sent, before),
                .answered = what.acknowledged};
    if (other_first)
        return {.by = speaker::other,
                .at = what.data_in == 1 ? exactly(now.received) : until(now.received, before),
                .answered = true};
    return {.by = speaker::either,
            .at = until(std::min(now.sent, now.received), before),
            .answered = true};
}

// The other end's FIN and ours: it came alone only if ours was acknowledged by it.
speaker who_closed(const change& what)
{
    if (what.in <= 1)
        return speaker::here;
    return what.out <= 1 ? speaker::other : speaker::either;
}

std::optional<opening> without_data(const change& what, const sample& before, const sample& now)
{
    const auto whenever = until(now.at, before);
    const auto by_then = until(what.heard ? now.acknowledged : now.at, before);
    if (what.other_closed && what.closed)
        return opening{.by = who_closed(what),
                       .at = by_then,
                       .closes = who_closed(what) != speaker::here,
                       .answered = true};
    if (what.other_closed)
        return opening{.by = speaker::other, .at = by_then, .closes = true, .answered = true};
    if (what.closed)
        return opening{.by = speaker::here, .at = by_then, .answered = true};
    if (what.out != 0 && now.in == stage::closing && now.unacknowledged != 0)
        return opening{.by = speaker::here, .at = whenever};
    if (what.out != 0 && what.in == 0 && now.unanswered_asked > before.unanswered_asked)
        return opening{.by = speaker::here, .at = whenever, .keepalive = true};
    if (what.heard && what.out != 0) {
        const auto asked = std::max(now.acknowledged - now.round_trip, before.at);
        return opening{
            .by = speaker::here, .at = {asked, asked}, .keepalive = true, .answered = true};
    }
    if (what.heard)
        return opening{.by = speaker::other, .at = exactly(now.acknowledged), .answered = true};
    if (what.in != 0 && what.out != 0)
        return opening{.by = speaker::other, .at = whenever, .keepalive = true, .answered = true};
    return std::nullopt;
}

}  // namespace

bool is_local(const sample& of)
{
    return is_loopback(of.remote) ||
           (of.local.family == of.remote.family && of.local.address == of.remote.address);
}

change::change(const sample& before, const sample& now)
    : in{now.segments_in - before.segments_in},
      out{now.segments_out - before.segments_out},
      data_in{now.data_in - before.data_in},
      data_out{now.data_out - before.data_out},
      again{now.retransmitted - before.retransmitted},
      acknowledged{now.bytes_acknowledged > before.bytes_acknowledged},
      heard{now.acknowledged > before.acknowledged + moved_min},
      other_closed{data_in == 0 && now.bytes_received == before.bytes_received + 1},
      closed{data_out == 0 && before.unacknowledged == 0 &&
             now.bytes_acknowledged == before.bytes_acknowledged + 1},
      forgotten{now.bytes_acknowledged < before.bytes_acknowledged ||
                now.bytes_received < before.bytes_received}
{
}

void align(sample& now, const sample& before)
{
    nanoseconds late{};
    if (now.data_in == before.data_in)
        late = now.received - before.received;
    else if (now.data_out == before.data_out)
        late = now.sent - before.sent;
    if (std::chrono::abs(late) > reading_late_max)
        return;
    for (auto* each : {&now.at, &now.sent, &now.received, &now.acknowledged})
        *each -= late;
    now.at = std::max(now.at, before.at);
}

std::optional<opening> opening_of(const sample& before, const sample& now)
{
    const change what{before, now};
    const auto sent = last_sent(what, now);
    const auto received = last_received(what, now);
    if (sent && received)
        return both_spoke(what, before, now);
    if (sent) {
        const bool alone = what.data_out == 1 && what.out == 1 && what.in <= 1;
        return opening{.by = speaker::here,
                       .at = alone ? exactly(*sent) : until(*sent, before),
                       .answered = what.acknowledged};
    }
    if (received) {
        const bool alone = what.data_in == 1 && what.in == 1;
        return opening{.by = speaker::other,
                       .at = alone ? exactly(*received) : until(*received, before),
                       .closes = now.in == stage::other_closed,
                       .answered = true};
    }
    return without_data(what, before, now);
}

span last_packet(const sample& before, const sample& now)
{
    const change what{before, now};
    const auto dated = std::max({now.sent, now.received, now.acknowledged});
    // Acknowledgements of this end are not dated. They follow what they acknowledge.
    if (what.out <= what.data_out && (what.data() || what.heard))
        return exactly(dated);
    if (what.data_in != 0)
        return {dated, std::max(dated, std::min(now.at, now.received + acknowledgement_delay_max))};
    if (what.heard && what.out <= what.data_out + 1)
        return exactly(dated);
    return {what.data() || what.heard ? dated : before.at, std::max(dated, now.at)};
}

}  // namespace deadair::sockets
