// What a session has its connections refreshed with.
#include "echo-server/peer.hpp"
#include "echo-server/session.hpp"

namespace deadair::echo_server {

void peer::on_refresh(wire::bytes body)
{
    const auto said = wire::decode<wire::refresh_request>(body);
    if (!said || said->every < wire::refresh_interval_min)
        return fail("a malformed request to refresh");
    if (auto* member = session_->member(said->connection); member != nullptr)
        member->refresh_by(*said);
}

void peer::refresh_by(const wire::refresh_request& wanted)
{
    if (wanted.by == refresh::ws_ping && !is_websocket(kind()))
        return;
    end_refresh_within();
    around_.refreshes.begin(channel_, wanted.by, wanted.every, [this] { return pay(1, 0); });
}

void peer::on_refresh_within(wire::bytes body)
{
    const auto said = wire::decode<wire::refresh_within>(body);
    if (!said || said->hops > wire::refresh_hops_max ||
        (said->hops != 0 && said->every < wire::refresh_within_interval_min))
        return fail("a malformed request to refresh within some hops");
    auto* const member = session_->member(said->connection);
    if (member == nullptr)
        return;
    member->end_refresh_within();
    if (said->hops == 0)
        return;
    if (session_->refreshed_within() >= wire::refreshed_within_max)
        return fail("more connections to refresh within some hops than may be");
    member->refresh_within(*said);
}

void peer::refresh_within(const wire::refresh_within& wanted)
{
    if (transfer_)
        return;  // its bytes are to go all the way
    refreshed_within_ = true;
    session_->refreshes_within(1);
    around_.refreshes.begin_within(channel_, wanted.hops, wanted.every,
                                   [this] { return pay(1, 0); });
}

void peer::end_refresh_within()
{
    if (!std::exchange(refreshed_within_, false))
        return;
    session_->refreshes_within(-1);
    around_.refreshes.end_within(*channel_);
}

}  // namespace deadair::echo_server
