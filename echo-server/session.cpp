#include "echo-server/session.hpp"

#include <utility>

#include "echo-server/peer.hpp"

namespace deadair::echo_server {

namespace {

// In one go, so that the other connections have their turn.
constexpr int reports_at_once = 64;

}  // namespace

session::session(wire::session_id id, tickets::half ticket_half, std::shared_ptr<team> of,
                 const rate_limits& rates, time now)
    : id_{id},
      team_{std::move(of)},
      allowance_{rates, now},
      tickets_{ticket_half},
      heard_{now},
      kept_{team_->kept}
{
    ++team_->sessions;
}

void session::attach(peer& control, time now)
{
    control_ = &control;
    heard_ = now;
    send_kept();
}

void session::detach(time now)
{
    control_ = nullptr;
    heard_ = now;
}

void session::report(wire::bytes frame)
{
    if (control_ != nullptr && kept_.empty())
        return control_->send(frame);
    kept_.keep(frame);
}

void session::send_kept()
{
    for (int sent = 0; control_ != nullptr && !kept_.empty() && control_->drained(); ++sent) {
        if (sent == reports_at_once)
            return control_->tell_drained();
        control_->send(kept_.take());
    }
}

bool session::pay(double messages, double bytes, time now)
{
    const bool its_own = allowance_.take(messages, bytes, now);
    return team_->left.take(messages, bytes, now) && its_own;
}

bool session::covers(double bytes, time now)
{
    return allowance_.covers(bytes, now) && team_->left.covers(bytes, now);
}

bool session::add(std::uint32_t connection, peer& member)
{
    const bool added = members_.try_emplace(connection, &member).second;
    if (added)
        ++team_->connections;
    return added;
}

void session::remove(std::uint32_t connection)
{
    team_->connections -= members_.erase(connection);
}

peer* session::member(std::uint32_t connection) const
{
    const auto found = members_.find(connection);
    return found == members_.end() ? nullptr : found->second;
}

}  // namespace deadair::echo_server
