#include "analysis/capture/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::capture {

namespace {

using namespace std::chrono_literals;

// Where no handshake tells the round trip: longer than most.
constexpr nanoseconds round_trip_unknown = 200ms;
// An answer that took longer, with traffic the other way before it, may be owed to that.
constexpr nanoseconds revived_after = 1s;

// Sequence numbers wrap (RFC 9293, section 3.4).
bool reaches(std::uint32_t number, std::uint32_t end)
{
    return static_cast<std::int32_t>(number - end) >= 0;
}

std::uint32_t end_of(const segment& seen)
{
    return seen.sequence + seen.payload + (seen.flags.syn ? 1 : 0) + (seen.flags.fin ? 1 : 0);
}

// Whatever carries IPv6 carries 1280 bytes (RFC 8200, section 5), and as much of TCP's payload.
constexpr std::uint32_t passes_everywhere = 1200;

// The end that listens has the smaller port nearly always.
bool from_client(const segment& seen)
{
    if (seen.flags.syn)
        return !seen.flags.acknowledges;
    return seen.from.port > seen.to.port;
}

}  // namespace

conversation::conversation(const segment& first, const limits& what)
    : limits_{what},
      client_{from_client(first) ? first.from : first.to},
      server_{from_client(first) ? first.to : first.from},
      first_at_{first.at},
      last_at_{first.at},
      begun_before_{!first.flags.syn}
{
}

void conversation::on(const segment& seen)
{
    const auto way = seen.from == client_ ? direction::to_server : direction::to_client;
    const auto age = seen.at - last_at_;
    if (asked_) {
        if (way == asked_->of.way)
            repeat(seen);
        else
            answer(seen, way);
    } else if (age >= limits_.silence_min) {
        break_silence(seen, way, age);
    }
    weigh(seen, way);
    learn(seen, way);
    last_at_ = std::max(last_at_, seen.at);
}

void conversation::finish()
{
    judge_stalls();
    if (asked_)
        give_up(last_at_);
    over_ = true;
}

// Which sizes pass.
void conversation::weigh(const segment& seen, direction way)
{
    auto& here = of(way);
    auto& there = of(way == direction::to_server ? direction::to_client : direction::to_server);
    if (seen.flags.acknowledges && there.under_way.payload > 0 &&
        reaches(seen.acknowledged, there.under_way.end)) {
        there.passed = std::max(there.passed, there.under_way.payload);
        there.under_way = {};
    }
    if (seen.payload == 0 || seen.payload < here.under_way.payload)
        return;
    auto& large = here.under_way;
    if (end_of(seen) != large.end)
        large = {.payload = seen.payload, .end = end_of(seen), .first_sent = seen.at};
    ++large.times;
    large.last_sent = seen.at;
}

// A connection whose smaller segments were acknowledged until then, and that was not silent.
void conversation::judge_stalls()
{
    for (const auto way : {direction::to_server, direction::to_client}) {
        const auto& [payload, end, times, first_sent, last_sent] = of(way).under_way;
        const bool in_vain =
            times >= limits_.unanswered_min && last_sent - first_sent >= limits_.lost_after;
        const bool silent_before = asked_ && asked_->of.broken_at <= first_sent;
        if (in_vain && !silent_before && payload > std::max(passes_everywhere, of(way).passed))
            stalled_ = oversize{.way = way, .passed = of(way).passed, .stalled = payload};
    }
}

// The end that broke the silence sends again, or gives up.
void conversation::repeat(const segment& seen)
{
    if (seen.flags.reset)
        return give_up(seen.at);
    if (seen.payload == 0 && !seen.flags.fin && !asked_->of.keepalive)
        return;
    const bool again = !reaches(end_of(seen), asked_->end + 1);
    if (!again)
        return;
    ++asked_->of.retransmissions;
    ++asked_->of.unanswered;
    asked_->last_sent = seen.at;
}

void conversation::answer(const segment& seen, direction way)
{
    if (seen.flags.reset) {
        asked_->of.sent_by = origin(seen, way);
        return settle(outcome::reset, seen.at, doubt_of_reset(asked_->of.sent_by, way));
    }
    if (!seen.flags.acknowledges || !reaches(seen.acknowledged, asked_->end)) {
        asked_->other_spoke = true;
        return;
    }
    const auto took = seen.at - asked_->of.broken_at;
    const bool revived = asked_->other_spoke && took > revived_after;
    if (asked_->of.retransmissions == 0)
        asked_->of.round_trip = took;
    asked_->of.unanswered = asked_->of.retransmissions;
    settle(revived ? outcome::late : outcome::delivered, seen.at);
}

// What answered was there to answer: the packet had passed. That the connection was not known there
// may be the doing of either.
std::string conversation::doubt_of_reset(const std::string& sent_by, direction way)
{
    if (of(way).fin)
        return "that end had closed the connection before";
    if (sent_by.empty() || sent_by == "middlebox")
        return {};
    return fmt::format(
        "the {} reset it, as far as its hop count tells: it had given the connection up, or a NAT "
        "on "
        "the path had taken the packet for one of a new connection",
        sent_by);
}

void conversation::break_silence(const segment& seen, direction way, nanoseconds age)
{
    if (seen.flags.syn)
        return;
    if (seen.flags.reset || seen.flags.fin)
        return end(seen, way, age);
    const bool keepalive = is_keepalive(seen, way);
    if (seen.payload == 0 && !keepalive)
        return;  // a window update: nobody answers it
    pending one;
    one.of = {.broken_at = seen.at,
              .age = age,
              .age_error = round_trip_.value_or(round_trip_unknown),
              .way = way,
              .keepalive = keepalive,
              .unanswered = 1,
              .sequence = seen.sequence,
              .payload = seen.payload};
    one.end = keepalive ? seen.sequence + 1 : end_of(seen);
    one.last_sent = seen.at;
    // What its sender repeats from before was never silence.
    const auto& next = of(way).next;
    if (!keepalive && next && !reaches(seen.sequence, *next))
        one.of.doubt = "the silence began with data unacknowledged";
    asked_ = one;
}

// The silence ends with the connection.
void conversation::end(const segment& seen, direction way, nanoseconds age)
{
    silence one{.broken_at = seen.at,
                .age = age,
                .age_error = round_trip_.value_or(round_trip_unknown),
                .way = way,
                .result = outcome::voided,
                .unprompted = true,
                .unanswered = 1,
                .settled_at = seen.at};
    if (seen.flags.reset)
        one.sent_by = origin(seen, way);
    const auto* const who = way == direction::to_client ? "server" : "client";
    if (seen.flags.reset && one.sent_by == "middlebox")
        one.result = outcome::reset;
    else
        one.doubt = fmt::format("the {} {} it by itself, as far as its hop count tells", who,
                                seen.flags.reset ? "reset" : "closed");
    silences_.push_back(std::move(one));
}

// A reset that came another way than the end's other packets was not sent by that end.
std::string conversation::origin(const segment& reset, direction way)
{
    const auto& usual = of(way).ttl;
    if (!usual)
        return {};
    return *usual != reset.ttl ? "middlebox" : way == direction::to_client ? "server" : "client";
}

// Nothing, or one byte, before what is sent next (RFC 9293, section 3.8.4). With a window of zero
// it asks for that.
bool conversation::is_keepalive(const segment& seen, direction way)
{
    const auto& next = of(way).next;
    const auto other = way == direction::to_client ? direction::to_server : direction::to_client;
    return next && seen.payload <= 1 && seen.sequence + 1 == *next && of(other).window != 0;
}

void conversation::learn(const segment& seen, direction way)
{
    auto& here = of(way);
    if (!seen.flags.reset) {
        if (!here.ttl)
            here.ttl = seen.ttl;
        here.window = seen.window;
        const auto end = end_of(seen);
        if (!here.next || reaches(end, *here.next))
            here.next = end;
    }
    if (seen.flags.syn && seen.flags.acknowledges && !begun_before_)
        round_trip_ = round_trip_unknown;  // until the handshake's third packet
    else if (round_trip_ == round_trip_unknown && way == direction::to_server)
        round_trip_ = seen.at - first_at_;
    if (!kind_known_ && way == direction::to_server && seen.payload >= 4) {
        kind_known_ = true;
        if (seen.first[0] == 0x16 && seen.first[1] == 3)
            kind_ = transport::tls;
    }
    here.fin = here.fin || seen.flags.fin;
    over_ = over_ || seen.flags.reset || (sides_[0].fin && sides_[1].fin);
}

void conversation::settle(outcome result, nanoseconds at, const std::string& doubt)
{
    auto& done = asked_->of;
    if (done.doubt.empty())
        done.doubt = doubt;
    done.result = done.doubt.empty() ? result : outcome::voided;
    done.settled_at = at;
    silences_.push_back(std::move(done));
    asked_.reset();
}

void conversation::give_up(nanoseconds at)
{
    const bool enough = asked_->of.unanswered >= limits_.unanswered_min &&
                        at - asked_->of.broken_at >= limits_.lost_after;
    if (!enough)
        return settle(outcome::lost, at, "nothing more was seen before an answer was due");
    const auto size = asked_->of.payload;
    const auto passed = of(asked_->of.way).passed;
    settle(
        outcome::lost, at,
        size <= std::max(passed, passes_everywhere)
            ? std::string{}
            : fmt::format("its {} bytes may be too many for the path: no segment of more than {} "
                          "was acknowledged before",
                          size, passed));
}

}  // namespace deadair::capture
