#include "analysis/estimate/sentence.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/estimate/in_words.hpp"
#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Linux gives a connection with unacknowledged data, or with so many retransmissions in a row, this
// idle timeout instead of its own (nf_conntrack_tcp_timeout_unacknowledged and _max_retrans,
// nf_conntrack_tcp_max_retrans).
constexpr nanoseconds linux_unacknowledged = 300s;
constexpr nanoseconds linux_unacknowledged_margin = 3s;
constexpr std::uint32_t linux_retransmissions = 3;

// No more digits than a tenth of a second: what is said here is no more exact.
std::string about(nanoseconds value)
{
    return format_duration(from_seconds(std::round(to_seconds(value) * 10) / 10));
}

// Whether a value near 300 s may be Linux's reaction instead of the firewall's own, as far as the
// kernels counted. A silence that began with data unacknowledged is void: nothing here comes of it.
std::string near_300_s(const finding& found, std::span<const observation> seen)
{
    if (!found.idle_timeout ||
        std::chrono::abs(*found.idle_timeout - linux_unacknowledged) > linux_unacknowledged_margin)
        return {};
    int failed = 0;
    int counted = 0;
    int suspects = 0;
    for (const auto& each : seen) {
        if (!is_dead(each) || each.unprompted || each.idle_age < *found.low)
            continue;
        ++failed;
        counted += each.retransmitted_before ? 1 : 0;
        suspects += each.retransmitted_before.value_or(0) >= linux_retransmissions ? 1 : 0;
    }
    const std::string_view begins =
        "Linux gives connections with unacknowledged data, or after three retransmissions, 300 s";
    if (suspects > 0)
        return fmt::format(
            "{}; {} of the {} that failed had that many before their silence, so this may not be "
            "the firewall's own value: measure again when the path loses less",
            begins, suspects, failed);
    if (counted < failed)
        return fmt::format(
            "{}; these had no data unacknowledged, but {} of the {} that failed were not counted "
            "for retransmissions: compare it with the firewall's configuration",
            begins, failed - counted, failed);
    return fmt::format(
        "{}; these had neither, so this is the firewall's own value (the flow offload of Linux "
        "6.18 drops at about 300 s too, a fault that was mended since): compare it with its "
        "configuration",
        begins);
}

std::string of_flush(const finding& found, const reading& by)
{
    auto text = fmt::format("all silent connections were lost at one moment, {} into the run",
                            about(*found.moment));
    if (by.times > 1)
        text = fmt::format("all silent connections were lost at one moment, {} times{}", by.times,
                           found.period ? ", about every " + about(*found.period) : "");
    return text + ": something restarts or flushes; what was silent then is left out";
}

std::string of_age(const reading& by)
{
    finding limit;
    limit.low = by.age_low;
    limit.high = by.age_high;
    return fmt::format("connections are cut at an age of {}, which says nothing of silence",
                       interval_in_words(limit));
}

std::string of_one_end(direction by)
{
    return by == direction::to_server
               ? "counted from the client's last data: what the server sends does not renew the "
                 "binding"
               : "counted from the server's last data: what the client sends does not renew the "
                 "binding";
}

std::string of_open(const finding& found)
{
    if (found.kind == finding_kind::spread)
        return "not one sharp age, and nothing tells whether it is drawn anew for each silence or "
               "goes by the connection: build on the lower end only";
    if (found.delivered + found.not_delivered == 0)
        return "no probe tells anything: all are void, or none was sent";
    return "some probes did not arrive, but too few to tell expiry from packet loss";
}

std::string of_many(const finding& found)
{
    switch (found.why) {
        case explanation::room:
            return fmt::format(
                "measured with few connections: with more than some {} the middlebox is full, and "
                "the one that was silent for longest goes when another comes",
                *found.crowd);
        case explanation::load:
            return fmt::format(
                "with more than {} connections open the timeout is another than with fewer: this "
                "is the shorter one; measure again with --connections {}",
                *found.crowd, std::max(*found.crowd / 2, 1U));
        case explanation::promotion:
            return "the timeout is longer once some messages have passed: this is the shorter one";
        case explanation::policy_change:
            return fmt::format(
                "the timeout changed {} into the run: this is the shorter one; measure again",
                about(*found.moment));
        default:
            return of_open(found);
    }
}

std::string sentence_of(const finding& found, std::span<const observation> seen, const reading& by)
{
    switch (found.why) {
        case explanation::nothing_expired:
            return {};
        case explanation::sharp:
            return near_300_s(found, seen);
        case explanation::tick:
            return fmt::format(
                "bindings go on a tick of {}: what was silent for {} or more goes at the next one, "
                "so build on the lower end only",
                about(*found.period), found.low ? about(*found.low) : "long enough");
        case explanation::each_silence:
            return "not one sharp age, but drawn anew for each silence (coarse timers, load): "
                   "build on the lower end only";
        case explanation::each_connection:
            return "not one sharp age, but drawn for each connection, which keeps it: build on the "
                   "lower end only";
        case explanation::random:
            return sentence_of_random(*found.period);
        case explanation::one_end:
            return of_one_end(*by.renewed_by);
        case explanation::each_end:
            return "each direction has a timer of its own, which only data of that direction "
                   "renews";
        case explanation::age:
            return of_age(by);
        case explanation::flush:
            return of_flush(found, by);
        default:
            return of_many(found);
    }
}

}  // namespace

std::string sentence_of_unseen_tick(nanoseconds room)
{
    return fmt::format(
        "one sharp timeout explains it, and so does a middlebox that looks only every so often: "
        "what died did so at too few moments to tell, so the lower end is {} below what survived; "
        "measure again with more connections",
        about(room));
}

std::string sentence_of_random(nanoseconds mean)
{
    return fmt::format(
        "connections end at random, on average after {}, however short the silence: no idle "
        "timeout explains it, and no setting prevents it",
        about(mean));
}

std::string sentence_of_mixture(const mixture& of)
{
    return fmt::format(
        "one of {} timeouts that connections keep, so it goes by the source port: several "
        "middleboxes behind one address{}",
        of.parts.size(), of.by_port.empty() ? "" : "; " + of.by_port + " have the shorter one");
}

void describe(finding& found, std::span<const observation> seen, const reading& by)
{
    if (found.note.empty())
        found.note = sentence_of(found, seen, by);
    else if (found.why == explanation::room)
        found.note = sentence_of(found, seen, by) + "; " + found.note;
}

}  // namespace deadair::estimate
