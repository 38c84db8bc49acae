#include "prober/uploads/transfer.hpp"

#include <algorithm>

#include "analysis/recommend/dead_writer.hpp"

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;

// How often a row of progress is kept.
constexpr nanoseconds keep_every = 100ms;
// The clocks' translation may put an arrival before its departure.
constexpr nanoseconds total_min = 1us;
// Below it a total is mostly the clocks' translation: no speed follows.
constexpr nanoseconds timed_min = 5ms;

bool is_upload(const trial& what)
{
    return what.way == transfer_direction::upload;
}

}  // namespace

transfer::transfer(const trial& what, const plan& of, const run_clock& clock,
                   connection_events& owner)
    : what_{what}, plan_{of}, clock_{clock}, connection_{what.number, what.on, clock, owner}
{
}

void transfer::open(boost::asio::io_context& io, const target& server,
                    const wire::ticket& admission)
{
    connection_.open(io, server, admission);
}

void transfer::joined()
{
    const auto now = clock_.now();
    silence_.rest(now, {}, connection_.facts());
    due_ = now + what_.idle;
}

std::string transfer::begin(control& over)
{
    const auto socket = connection_.channel()->native_socket();
    if (what_.idle > 2 * observation::settle_after) {
        if (auto why = silence_.disturbance(connection_.facts()); !why.empty())
            return why;
        idled_ = clock_.now() - silence_.since();
    }
    if (what_.guard == write_guard::user_timeout)
        net::give_up_unacknowledged_after(
            socket, std::chrono::duration_cast<std::chrono::milliseconds>(plan_.user_timeout));
    begun_ = handed_at_ = clock_.now();
    stall_.emplace(begun_);
    first_ = last_ = at_progress_ = look();
    if (is_upload(what_)) {
        out_.emplace(what_.size);
        connection_.channel()->send(
            wire::encode(wire::upload{.transfer = what_.number, .size = what_.size}));
        drained();
    } else {
        over.download({.transfer = what_.number, .connection = what_.number, .size = what_.size});
    }
    sample();
    return {};
}

void transfer::drained()
{
    if (!out_ || accepted_at_)
        return;
    const bool all = out_->go_on(*connection_.channel());
    if (out_->handed() > handed_) {
        handed_ = out_->handed();
        handed_at_ = clock_.now();
    }
    if (all)
        accepted_at_ = clock_.now();
}

void transfer::received(std::size_t bytes)
{
    received_ += bytes;
    if (!is_upload(what_) && received_ >= what_.size && !completed_at_)
        completed_at_ = clock_.now();
}

store::upload_progress transfer::look() const
{
    const auto facts = net::flow_facts_of(connection_.channel()->native_socket());
    const auto micro = [](std::uint64_t value) {
        return nanoseconds{std::chrono::microseconds{value}};
    };
    return {.at = clock_.now(),
            .moved_bytes = is_upload(what_) ? facts.acknowledged_bytes : facts.received_bytes,
            .unsent_bytes = facts.unsent_bytes,
            .sent_bytes = facts.sent_bytes,
            .retransmitted_bytes = facts.retransmitted_bytes,
            .congestion_window_segments = facts.congestion_window_segments,
            .rtt = micro(facts.rtt_us),
            .rtt_variation = micro(facts.rtt_variation_us),
            .rto = micro(facts.rto_us),
            .busy = micro(facts.busy_us),
            .receiver_limited = micro(facts.receiver_limited_us),
            .buffer_limited = micro(facts.buffer_limited_us)};
}

void transfer::sample()
{
    const auto now = look();
    if (now.rto == nanoseconds{})
        return;  // the socket is gone
    const bool progressed = now.moved_bytes > last_.moved_bytes;
    stall_->seen(now.at, moved(now));
    if (progressed)
        at_progress_ = now;
    last_ = now;
    if (progress_.empty() || now.at - progress_.back().at >= keep_every)
        progress_.push_back(now);
}

std::uint64_t transfer::moved(const store::upload_progress& at) const
{
    return at.moved_bytes - std::min(at.moved_bytes, first_.moved_bytes);
}

bool transfer::complete() const
{
    return is_upload(what_) ? word_ && word_->how == wire::transfer_end::complete
                            : completed_at_.has_value();
}

nanoseconds transfer::blocked_for() const
{
    return out_ && !accepted_at_ ? clock_.now() - handed_at_ : 0ns;
}

nanoseconds transfer::total(const ending& how, const far_clock& server) const
{
    const auto until_now = how.at - begun_;
    if (how.result != transfer_outcome::completed)
        return until_now;
    if (!is_upload(what_))
        return std::max(*completed_at_ - begun_, total_min);
    if (!server.ready())
        return until_now;
    return std::clamp(server.to_ours(word_->at) - begun_, total_min, until_now);
}

// An upload's sender is this host; of a download's we know what the server told.
void transfer::add_senders_view(store::upload& row) const
{
    if (!is_upload(what_)) {
        if (!far_ || far_->segments_out == 0)
            return;
        row.retransmitted_share = std::min(1.0, static_cast<double>(far_->retransmitted) /
                                                    static_cast<double>(far_->segments_out));
        row.rtt = std::chrono::microseconds{far_->rtt_us};
        row.rtt_variation = std::chrono::microseconds{far_->rtt_variation_us};
        row.rto = std::chrono::microseconds{far_->rto_us};
        return;
    }
    const auto sent = last_.sent_bytes - first_.sent_bytes;
    row.sent_bytes = static_cast<std::int64_t>(sent);
    if (sent > 0)
        row.retransmitted_share =
            static_cast<double>(last_.retransmitted_bytes - first_.retransmitted_bytes) /
            static_cast<double>(sent);
    row.rtt = at_progress_.rtt;
    row.rtt_variation = at_progress_.rtt_variation;
    row.rto = at_progress_.rto;
}

store::upload transfer::record(const ending& how, const far_clock& server, unsigned retries) const
{
    store::upload row;
    row.upload_id = what_.number;
    row.on = what_.on;
    row.local_port = connection_.local().port();
    row.way = what_.way;
    row.size_bytes = what_.size;
    row.spell = what_.spell;
    if (plan_.timeout)
        row.idle_timeout = plan_.timeout->best;
    row.idle_before = idled_;
    row.guard = what_.guard;
    if (what_.guard != write_guard::none)
        row.guard_after =
            what_.guard == write_guard::user_timeout ? plan_.user_timeout : plan_.socket_timeout;
    row.result = how.result;
    row.void_reason = how.doubt;
    row.started = moving() ? begun_ : how.at;
    if (!moving())
        return row;
    row.total = total(how, server);
    const auto so_far = is_upload(what_) ? moved(last_) : received_;
    row.moved_bytes = complete() ? what_.size : std::min(so_far, what_.size);
    if (row.total >= timed_min)
        row.goodput_bytes_per_s = static_cast<double>(row.moved_bytes) / to_seconds(row.total);
    row.longest_stall = stall_->longest();
    add_senders_view(row);
    if (accepted_at_)
        row.accepted = *accepted_at_ - begun_;
    row.noticed_by = how.noticed_by;
    if (!how.noticed_by.empty())
        row.noticed = how.at - begun_;
    if (is_upload(what_) && how.result != transfer_outcome::completed && first_.rto > 0ns)
        row.kernel_gives_up = recommend::kernel_gives_up_after(
            at_progress_.rto, retries,
            what_.guard == write_guard::user_timeout ? row.guard_after : std::nullopt);
    return row;
}

}  // namespace deadair::prober::uploads
