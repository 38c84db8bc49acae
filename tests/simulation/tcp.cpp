#include "tests/simulation/tcp.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

// Linux: TCP_RTO_MIN, tcp_syn_retries with its first timeout, tcp_retries2.
constexpr nanoseconds rto_min = 200ms;
constexpr nanoseconds syn_timeout = 1s;
constexpr int syn_retries = 6;
constexpr int retries = 15;
constexpr nanoseconds rto_max = 120s;
// From the SYN's arrival to the answer to the join: TLS and our own handshake.
constexpr int round_trips_to_join = 2;
// A path that is gone in the middle of it: until the next try.
constexpr nanoseconds join_retry = 1s;

std::uint32_t milliseconds_since(time then, time now)
{
    return static_cast<std::uint32_t>((now - then) / 1ms);
}

const auto nothing = [] {};

}  // namespace

nanoseconds tcp::retransmission_timeout() const
{
    return net_.round_trip + rto_min;
}

tcp::connection* tcp::find(flow_id flow)
{
    return flow < all_.size() ? all_[flow].get() : nullptr;
}

const tcp::connection* tcp::find(flow_id flow) const
{
    return flow < all_.size() ? all_[flow].get() : nullptr;
}

packet tcp::of(flow_id flow, side from, packet::kind is, std::uint32_t bytes) const
{
    const auto* const here = find(flow);
    return {flow, from, is, here != nullptr ? here->port : std::uint16_t{}, bytes};
}

void tcp::open(flow_id flow, std::uint16_t port)
{
    if (all_.size() <= flow)
        all_.resize(flow + 1);
    all_[flow] = std::make_unique<connection>();
    all_[flow]->port = port;
    all_[flow]->at(side::inside).open = true;
    knock(flow, 0);
}

void tcp::knock(flow_id flow, int attempt)
{
    const auto* const here = find(flow);
    if (here == nullptr || here->at(side::outside).open || here->ever_open || attempt > syn_retries)
        return;
    const auto refused = [this, flow] {
        if (find(flow) != nullptr && !find(flow)->ever_open) {
            all_[flow].reset();
            user_.refused(flow);
        }
    };
    by_.carry(
        of(flow, side::inside, packet::kind::open, 0),
        [this, flow, refused] {
            if (server_runs_)
                let_in(flow);
            else
                when_.after(by_.one_way(), refused);
        },
        refused);
    when_.after(syn_timeout * (1 << attempt), [this, flow, attempt] { knock(flow, attempt + 1); });
}

void tcp::let_in(flow_id flow)
{
    auto* const here = find(flow);
    if (here == nullptr || here->at(side::outside).open)
        return;
    here->at(side::outside).open = true;
    when_.after(by_.one_way() + round_trips_to_join * net_.round_trip,
                [this, flow] { established(flow); });
}

void tcp::established(flow_id flow)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(side::outside).open || here->ever_open)
        return;
    if (net_.blocked(when_.now())) {
        when_.after(join_retry, [this, flow] { established(flow); });
        return;
    }
    here->ever_open = true;
    for (auto& each : here->ends)
        each.data_sent = each.data_received = each.ack_received = when_.now();
    by_.meet(of(flow, side::inside, packet::kind::ack, 0));
    user_.opened(flow);
}

void tcp::say(flow_id flow, side from, message what, std::uint32_t bytes)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(from).open)
        return;
    auto& speaker = here->at(from);
    speaker.unacknowledged = true;
    transmit({flow, from, what, ++speaker.said, bytes, 0});
}

void tcp::transmit(saying one)
{
    auto* const here = find(one.flow);
    if (here == nullptr || !here->at(one.from).open)
        return;
    auto& speaker = here->at(one.from);
    if (!speaker.unacknowledged || one.number != speaker.said)
        return;
    if (one.attempt > retries)
        return end_at(one.flow, one.from, outcome::lost);
    ++speaker.segments_out;
    speaker.retransmitted += one.attempt > 0 ? 1 : 0;
    speaker.data_sent = when_.now();
    by_.carry(
        of(one.flow, one.from, packet::kind::data, one.bytes), [this, one] { arrive(one); },
        [this, one] { end_at(one.flow, one.from, outcome::reset); });
    when_.after(std::min(retransmission_timeout() * (1 << one.attempt), rto_max),
                [this, again = one]() mutable {
                    ++again.attempt;
                    transmit(again);
                });
}

void tcp::arrive(const saying& one)
{
    auto* const here = find(one.flow);
    const auto at = other(one.from);
    if (here == nullptr || !here->at(at).open)  // whoever is gone says so
        return by_.carry(
            of(one.flow, at, packet::kind::end, 0),
            [this, one] { end_at(one.flow, one.from, outcome::reset); }, nothing);
    auto& listener = here->at(at);
    ++listener.segments_in;
    ++listener.segments_out;
    listener.data_received = when_.now();
    by_.carry(
        of(one.flow, at, packet::kind::ack, 0),
        [this, one] { acknowledge(one.flow, one.from, one.number); }, nothing);
    if (one.number <= listener.heard)
        return;
    listener.heard = one.number;
    user_.arrived(one.flow, at, one.what);
}

void tcp::acknowledge(flow_id flow, side from, std::uint32_t number)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(from).open)
        return;
    auto& speaker = here->at(from);
    ++speaker.segments_in;
    speaker.ack_received = when_.now();
    if (number == speaker.said)
        speaker.unacknowledged = false;
}

void tcp::ask_to_acknowledge(flow_id flow, side from)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(from).open)
        return;
    ++here->at(from).segments_out;
    by_.carry(
        of(flow, from, packet::kind::keepalive, 0),
        [this, flow, from] {
            auto* const there = find(flow);
            if (there == nullptr || !there->at(other(from)).open)
                return;
            ++there->at(other(from)).segments_in;
            ++there->at(other(from)).segments_out;
            by_.carry(
                of(flow, other(from), packet::kind::ack, 0),
                [this, flow, from] { acknowledge(flow, from, 0); }, nothing);
        },
        [this, flow, from] { end_at(flow, from, outcome::reset); });
}

void tcp::reset(flow_id flow, side from)
{
    leave(flow, from, outcome::reset);
}

void tcp::close(flow_id flow, side from)
{
    leave(flow, from, outcome::closed);
}

void tcp::leave(flow_id flow, side from, outcome how)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(from).open)
        return;
    here->at(from).open = false;
    by_.carry(
        of(flow, from, packet::kind::end, 0),
        [this, flow, from, how] { end_at(flow, other(from), how); }, nothing);
    if (!here->ever_open || !here->at(other(from)).open)
        all_[flow].reset();
}

void tcp::end_at(flow_id flow, side at, outcome how)
{
    auto* const here = find(flow);
    if (here == nullptr || !here->at(at).open)
        return;
    here->at(at).open = false;
    if (!here->at(other(at)).open)
        all_[flow].reset();
    user_.ended(flow, at, how);
}

void tcp::cut_both(const cut& what)
{
    end_at(what.flow, side::inside, what.how);
    end_at(what.flow, side::outside, what.how);
}

bool tcp::is_open(flow_id flow, side at) const
{
    const auto* const here = find(flow);
    return here != nullptr && here->at(at).open;
}

std::optional<socket_facts> tcp::facts(flow_id flow, side at) const
{
    const auto* const here = find(flow);
    if (here == nullptr || !here->at(at).open)
        return std::nullopt;
    const auto& is = here->at(at);
    const auto now = when_.now();
    return socket_facts{.segments_in = is.segments_in,
                        .segments_out = is.segments_out,
                        .unacknowledged = is.unacknowledged ? 1U : 0U,
                        .retransmitted = is.retransmitted,
                        .rtt_us = static_cast<std::uint32_t>(net_.round_trip / 1us),
                        .rtt_variation_us = 0,
                        .rto_us = static_cast<std::uint32_t>(retransmission_timeout() / 1us),
                        .since_data_sent_ms = milliseconds_since(is.data_sent, now),
                        .since_data_received_ms = milliseconds_since(is.data_received, now),
                        .since_ack_received_ms = milliseconds_since(is.ack_received, now)};
}

void tcp::server_runs(bool does)
{
    server_runs_ = does;
    if (does)
        return;
    for (flow_id flow = 0; flow < all_.size(); ++flow)
        close(flow, side::outside);
}

}  // namespace deadair::simulation
