#include "echo-server/transport/hibernated_tls.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <new>
#include <utility>

#include "analysis/words/assertion.hpp"

namespace deadair::net {

namespace {

// One record, for all connections: each is digested before the next.
thread_local std::array<std::byte, records::header_size + records::sealed_max> scratch;

// OpenSSL makes no difference between close_notify and a bare FIN (SSL_OP_IGNORE_UNEXPECTED_EOF).
constexpr const char* closed_by_peer = "the peer closed the TLS connection";

constexpr records::heard out_of_memory{.what = records::heard::kind::failed,
                                       .size = 0,
                                       .reason = ERR_R_MALLOC_FAILURE,
                                       .farewell = records::alert::internal_error};

// As OpenSSL says it.
std::string in_words(int reason)
{
    const char* known = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
    return known != nullptr ? known : "TLS failed";
}

}  // namespace

step hibernated_tls::read_some(plain_stream& over, std::span<std::byte> into)
{
    assert_that(into.size() >= records::plain_max, "there is room for a whole record");
    try {
        return read_record(over, into);
    } catch (const std::bad_alloc&) {
        return fail(over, out_of_memory);
    }
}

step hibernated_tls::read_record(plain_stream& over, std::span<std::byte> into)
{
    std::size_t here = restore();
    if (auto got = fill(over, here, records::header_size); got.what != progress::done)
        return got;
    records::header head{};
    std::copy_n(scratch.begin(), head.size(), head.begin());
    const auto announced = records::record_layer::read(head);
    if (announced.what == records::heard::kind::failed)
        return fail(over, announced);
    if (auto got = fill(over, here, head.size() + announced.size); got.what != progress::done)
        return got;
    const auto body = std::span{scratch}.subspan(head.size(), announced.size);
    const auto seen = keys_.open(head, body);
    switch (seen.what) {
        case records::heard::kind::data:
            std::copy_n(body.begin(), seen.size, into.begin());
            return {.what = progress::done, .transferred = seen.size};
        case records::heard::kind::nothing:
            // A turn of its own for each record, so that a flood does not hold up the others.
            return {.what = progress::want_read};
        case records::heard::kind::closed:
            return ended(wire::end_cause::closed, closed_by_peer);
        case records::heard::kind::failed:
            break;
    }
    return fail(over, seen);
}

// What has come of a record, back into `scratch`. @return its size
std::size_t hibernated_tls::restore()
{
    if (!partial_)
        return 0;
    const auto held = std::exchange(partial_->incoming, {});
    let_go();
    std::copy(held.begin(), held.end(), scratch.begin());
    return held.size();
}

// Until `scratch` holds so many bytes of the record; what has come is kept if they do not come.
step hibernated_tls::fill(plain_stream& over, std::size_t& here, std::size_t size)
{
    while (here < size) {
        auto got = over.read_some(std::span{scratch}.subspan(here, size - here));
        if (got.what == progress::ended && got.cause == wire::end_cause::closed)
            return ended(got.cause, closed_by_peer);
        if (got.what != progress::done) {
            if (here > 0)
                keep().incoming.assign(scratch.begin(),
                                       scratch.begin() + static_cast<std::ptrdiff_t>(here));
            return got;
        }
        here += got.transferred;
    }
    return {};
}

step hibernated_tls::write_some(plain_stream& over, wire::bytes from)
{
    try {
        return write_record(over, from);
    } catch (const std::bad_alloc&) {
        // Without a farewell: the socket may have taken a part of the record.
        return ended(wire::end_cause::broken, in_words(out_of_memory.reason));
    }
}

step hibernated_tls::write_record(plain_stream& over, wire::bytes from)
{
    if (!partial_ || partial_->outgoing.empty()) {
        const auto plain = from.first(std::min(from.size(), records::plain_max));
        auto sealed = keys_.seal(plain);
        // Most often the socket takes it whole, and nothing need be kept.
        auto sent = over.write_some(sealed);
        if (sent.what == progress::done && sent.transferred == sealed.size())
            return {.what = progress::done, .transferred = plain.size()};
        if (sent.what == progress::ended)
            return sent;
        sealed.erase(sealed.begin(),
                     sealed.begin() + static_cast<std::ptrdiff_t>(sent.transferred));
        keep().outgoing = std::move(sealed);
        partial_->accepted = plain.size();
    }
    assert_that(from.size() >= partial_->accepted, "what waits to be sent is sent again");
    const auto accepted = partial_->accepted;
    auto rest = flush(over);
    if (rest.what == progress::done)
        rest.transferred = accepted;
    return rest;
}

// What was sealed before, to the socket. @pre there is some
step hibernated_tls::flush(plain_stream& over)
{
    auto& waiting = partial_->outgoing;
    while (!waiting.empty()) {
        auto sent = over.write_some(waiting);
        if (sent.what != progress::done)
            return sent;
        waiting.erase(waiting.begin(),
                      waiting.begin() + static_cast<std::ptrdiff_t>(sent.transferred));
    }
    let_go();
    return {};
}

void hibernated_tls::shut_down(plain_stream& over)
{
    say(over, records::alert::close_notify);
}

step hibernated_tls::fail(plain_stream& over, const records::heard& why)
{
    if (why.farewell)
        say(over, *why.farewell);
    return ended(wire::end_cause::broken, in_words(why.reason));
}

// If the socket takes it, and not into the midst of a record: nobody waits for a farewell.
void hibernated_tls::say(plain_stream& over, records::alert last)
{
    if (partial_ && !partial_->outgoing.empty())
        return;
    try {
        (void)over.write_some(keys_.seal(last));
    } catch (const std::bad_alloc&) {
        return;
    }
}

hibernated_tls::partial& hibernated_tls::keep()
{
    if (!partial_)
        partial_ = std::make_unique<partial>();
    return *partial_;
}

void hibernated_tls::let_go()
{
    if (partial_->incoming.empty() && partial_->outgoing.empty())
        partial_.reset();
}

}  // namespace deadair::net
