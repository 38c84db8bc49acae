#include "echo-server/session.hpp"

#include "echo-server/peer.hpp"

namespace deadair::echo_server {

void session::attach(peer& control, time now)
{
    control_ = &control;
    heard_ = now;
    while (!kept_.empty()) {
        control.send(kept_.front());
        kept_.pop_front();
    }
}

void session::detach(time now)
{
    control_ = nullptr;
    heard_ = now;
}

void session::report(wire::buffer frame)
{
    if (control_ != nullptr)
        return control_->send(frame);
    if (kept_.size() >= wire::reports_kept_max)
        kept_.pop_front();
    kept_.push_back(std::move(frame));
}

bool session::add(std::uint32_t connection, peer& member)
{
    return members_.try_emplace(connection, &member).second;
}

peer* session::member(std::uint32_t connection) const
{
    const auto found = members_.find(connection);
    return found == members_.end() ? nullptr : found->second;
}

std::vector<peer*> session::members() const
{
    std::vector<peer*> all;
    all.reserve(members_.size());
    for (const auto& [connection, member] : members_)
        all.push_back(member);
    return all;
}

}  // namespace deadair::echo_server
