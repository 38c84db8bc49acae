// Uploads and downloads on a probe connection.
#include "echo-server/peer.hpp"
#include "echo-server/session.hpp"

namespace deadair::echo_server {

namespace {

nanoseconds monotonic_now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

bool size_fits(std::uint64_t size)
{
    return size >= 1 && size <= wire::transfer_max;
}

}  // namespace

void peer::on_upload(wire::bytes body)
{
    const auto said = wire::decode<wire::upload>(body);
    if (!said || !size_fits(said->size) || transfer_)
        return fail("an upload that may not begin");
    end_refresh_within();
    transfer_ = std::make_unique<transfer>(*said);
}

void peer::on_bulk(wire::bytes body)
{
    if (!transfer_ || !transfer_->is_upload() || !transfer_->take(body.size(), monotonic_now()))
        return fail("bytes that were not announced");
    if (transfer_->complete())
        end_transfer(wire::transfer_end::complete);
}

void peer::on_download(wire::bytes body)
{
    const auto said = wire::decode<wire::download>(body);
    if (!said)
        return fail("a malformed request to send");
    if (auto* member = session_->member(said->connection); member != nullptr)
        return member->begin_download(*said);
    channel_->send(
        wire::encode(transfer{*said}.report(wire::transfer_end::refused, said->connection, {})));
}

void peer::begin_download(const wire::download& wanted)
{
    end_refresh_within();
    const auto now = std::chrono::steady_clock::now();
    const auto size = static_cast<double>(wanted.size);
    // What a session makes us send counts as what it sends itself.
    if (!size_fits(wanted.size) || transfer_ || !session_->covers(size, now)) {
        session_->report(
            wire::encode(transfer{wanted}.report(wire::transfer_end::refused, connection_, {})));
        return;
    }
    (void)session_->pay(0, size, now);
    transfer_ = std::make_unique<transfer>(wanted);
    on_drained();
}

void peer::on_drained()
{
    if (part_ == part::control)
        return session_->send_kept();
    if (transfer_ && !transfer_->is_upload() && transfer_->send(*channel_, monotonic_now()))
        end_transfer(wire::transfer_end::complete);
}

void peer::end_transfer(wire::transfer_end how)
{
    session_->report(wire::encode(transfer_->report(how, connection_, channel_->facts())));
    transfer_.reset();
}

}  // namespace deadair::echo_server
