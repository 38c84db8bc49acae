#include "analysis/sockets/history.hpp"

#include <algorithm>
#include <utility>

namespace deadair::sockets {

namespace {

using namespace std::chrono_literals;

// The kernel's tick is no longer (CONFIG_HZ of 100).
constexpr nanoseconds tick = 10ms;
// An answer that took longer, with traffic the other way before it, may be owed to that.
constexpr nanoseconds revived_after = 1s;

}  // namespace

history::history(const sample& first, const limits& what, bool listens)
    : limits_{what},
      listens_{listens},
      last_{first},
      quiet_{std::max({first.sent, first.received, first.acknowledged}), first.at},
      other_closed_{first.in == stage::other_closed}
{
    if (first.unacknowledged != 0)
        doubt_ = "the silence began with data unacknowledged";
}

void history::on(sample now, std::optional<nanoseconds> elsewhere_heard)
{
    align(now, last_);
    const change what{last_, now};
    if (what.forgotten) {  // its end follows
        if (asked_)
            noticed(now.at);
        return;
    }
    if (asked_)
        follow(now, what, elsewhere_heard);
    else if (what.any())
        begin(now, what);
    if (what.any()) {
        quiet_ = last_packet(last_, now);
        doubt_.clear();
    }
    other_closed_ = other_closed_ || what.other_closed || now.in == stage::other_closed;
    last_ = now;
}

void history::end(const std::optional<sample>& last, nanoseconds gone,
                  std::optional<nanoseconds> elsewhere_heard)
{
    if (last) {
        auto now = *last;
        align(now, last_);
        now.at = std::max(last_.at, std::min(now.at, gone));
        const change what{last_, now};
        const bool idle = !asked_ && !what.forgotten;
        if (idle && what.refused() && what.out == 0)
            other_ended({.by = speaker::other, .at = {last_.at, now.at}, .closes = true}, now.at,
                        "reset by the other end or in its name, as nobody can tell here");
        else
            on(now, elsewhere_heard);
    }
    if (asked_)
        give_up(gone);
}

void history::slept()
{
    doubt_ = "this host slept meanwhile";
    if (asked_)
        settle(outcome::voided, last_.at, "this host slept meanwhile");
}

std::optional<nanoseconds> history::unanswered_since() const
{
    return asked_ ? std::optional{asked_->first.earliest} : std::nullopt;
}

std::vector<ended_silence> history::take()
{
    return std::exchange(ended_, {});
}

// What either end may have said is told of the client: where the server's packet passed, the
// binding was there for the client's as well.
direction history::way_of(speaker by) const
{
    const bool to_server = by == speaker::either || (by == speaker::here) != listens_;
    return to_server ? direction::to_server : direction::to_client;
}

capture::silence history::silence_of(const opening& how) const
{
    const auto shortest = std::max(how.at.earliest - quiet_.latest, 0ns);
    const auto longest = std::max(how.at.latest - quiet_.earliest, 0ns);
    return {.broken_at = how.at.latest,
            .age = (shortest + longest) / 2,
            .age_error = (longest - shortest) / 2 + last_.round_trip + tick,
            .way = way_of(how.by),
            .doubt = doubt_,
            .keepalive = how.keepalive,
            .unanswered = how.answered ? 0U : 1U,
            .settled_at = how.at.latest};
}

void history::begin(const sample& now, const change& what)
{
    const auto how = opening_of(last_, now);
    if (!how)
        return;
    if (how->closes)
        return other_ended(*how, now.at,
                           how->by == speaker::either
                               ? "closed in order, and nobody can tell here by which end first"
                               : "the other end closed it by itself");
    pending one{.of = {.what = silence_of(*how)},
                .first = how->at,
                .acknowledged_before = last_.bytes_acknowledged,
                .retransmitted_before = last_.retransmitted};
    one.of.stall = one.of.what.age < limits_.silence_min;
    if (last_.unacknowledged != 0 && one.of.what.doubt.empty())
        one.of.what.doubt = "the silence began with data unacknowledged";
    if (now.running == audit::timer::zero_window)
        one.of.what.doubt = "the other end takes no data (a window of zero)";
    asked_ = std::move(one);
    if (!how->answered)
        return follow(now, what, std::nullopt);
    asked_->of.what.round_trip = now.round_trip;
    asked_->of.what.retransmissions = what.again;
    asked_->of.what.unanswered = what.again;
    settle(outcome::delivered, now.at);
}

void history::follow(const sample& now, const change& what,
                     std::optional<nanoseconds> elsewhere_heard)
{
    auto& seen = asked_->of.what;
    const bool answered = seen.keepalive && now.data_out == last_.data_out
                              ? now.unanswered_asked == 0 && what.heard
                              : now.bytes_acknowledged > asked_->acknowledged_before;
    if (answered)
        return answer(now, what);
    asked_->other_spoke = asked_->other_spoke || what.data_in != 0;
    asked_->refused = what.any() ? what.refused() : asked_->refused;
    seen.retransmissions = now.retransmitted - asked_->retransmitted_before;
    seen.unanswered = std::max({seen.unanswered, 1 + seen.retransmissions, now.unanswered_asked});
    if (!asked_->elsewhere && elsewhere_heard && *elsewhere_heard > asked_->first.latest)
        asked_->elsewhere = elsewhere_heard;
    // Sent after that, and still without an answer a sample later: the path to that host works for
    // others.
    asked_->vouched = asked_->vouched || asked_->sent_since;
    asked_->sent_since =
        asked_->sent_since || (what.out != 0 && last_.at > asked_->elsewhere.value_or(now.at));
    if (now.in == stage::closing && last_.in != stage::closing)
        noticed(now.at);
}

// The program closed it.
void history::noticed(nanoseconds at)
{
    asked_->of.noticed_after = at - asked_->first.earliest;
    asked_->of.by_program = true;
}

void history::answer(const sample& now, const change& what)
{
    auto& seen = asked_->of.what;
    const auto took = now.at - asked_->first.earliest;
    seen.retransmissions = now.retransmitted - asked_->retransmitted_before;
    const bool revived = asked_->other_spoke && took > revived_after;
    const bool unclear = !asked_->other_spoke && what.data_in != 0 &&
                         seen.unanswered >= limits_.unanswered_min && took >= limits_.lost_after;
    seen.unanswered = seen.retransmissions;
    seen.round_trip = now.round_trip;
    asked_->of.noticed_after.reset();
    if (unclear)
        return settle(outcome::voided, now.at,
                      "answered late, together with data of the other end, which may have revived "
                      "it");
    settle(revived ? outcome::late : outcome::delivered, now.at);
}

void history::give_up(nanoseconds at)
{
    auto& of = asked_->of;
    if (!of.noticed_after)
        of.noticed_after = at - asked_->first.earliest;
    if (asked_->refused)
        return settle(outcome::reset, at,
                      other_closed_ ? "that end had closed the connection before" : "");
    const bool enough = of.what.unanswered >= limits_.unanswered_min &&
                        at - asked_->first.latest >= limits_.lost_after;
    if (!enough)
        return settle(outcome::lost, at, "nothing more was seen before an answer was due");
    if (asked_->other_spoke)
        return settle(outcome::lost, at, "the other end spoke, and did not acknowledge");
    settle(outcome::lost, at,
           asked_->vouched ? ""
                           : "nothing else was heard from that host meanwhile, so that it may have "
                             "been an outage");
}

void history::other_ended(const opening& how, nanoseconds at, const char* doubt)
{
    ended_silence one{.what = silence_of(how), .closed_by_other = true};
    if (one.what.age < limits_.silence_min)
        return;
    one.what.unprompted = true;
    one.what.result = outcome::voided;
    one.what.doubt = doubt;
    one.what.settled_at = at;
    ended_.push_back(std::move(one));
}

// What is answered on a busy connection is no news.
void history::settle(outcome result, nanoseconds at, const char* doubt)
{
    auto done = std::move(asked_->of);
    asked_.reset();
    if (done.what.doubt.empty())
        done.what.doubt = doubt;
    done.what.result = done.what.doubt.empty() ? result : outcome::voided;
    done.what.settled_at = at;
    const bool news = !done.stall || done.what.unanswered >= limits_.unanswered_min;
    if (news)
        ended_.push_back(std::move(done));
}

}  // namespace deadair::sockets
