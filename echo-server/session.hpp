#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "echo-server/allowance.hpp"
#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/messages.hpp"
#include "echo-server/wire/token.hpp"

namespace deadair::echo_server {

class peer;

/// One prober's stay: its control connection, which may come and go, and its probe connections.
/// Knows no socket; the server drives it.
class session {
public:
    using time = std::chrono::steady_clock::time_point;

    session(wire::session_id id, wire::token token, const rate_limits& rates, time now)
        : id_{id}, token_{std::move(token)}, allowance_{rates, now}
    {
    }

    const wire::session_id& id() const { return id_; }
    /// What it was begun with.
    const wire::token& token() const { return token_; }
    /// What all its connections together may still send.
    allowance& left() { return allowance_; }

    /// The control connection is there (again): what was kept for it goes out in order.
    void attach(peer& control, time now);
    /// It is gone; the session lives on for `wire::session_grace`.
    void detach(time now);
    peer* control() const { return control_; }

    /// Sends a report over the control connection, or keeps it until that is back. Of more than
    /// `wire::reports_kept_max` the oldest goes.
    void report(wire::buffer frame);

    void heard(time now) { heard_ = now; }
    /// The control connection is there but says nothing, so it is as good as gone.
    bool control_silent(time now) const
    {
        return control_ && now - heard_ > wire::control_silence_max;
    }
    bool expired(time now) const { return !control_ && now - heard_ > wire::session_grace; }

    /// @return false if the number is taken.
    bool add(std::uint32_t connection, peer& member);
    void remove(std::uint32_t connection) { members_.erase(connection); }
    peer* member(std::uint32_t connection) const;
    std::size_t size() const { return members_.size(); }
    std::vector<peer*> members() const;

    std::size_t tickets_open{};  ///< issued, not used yet

private:
    wire::session_id id_;
    wire::token token_;
    allowance allowance_;
    peer* control_{};
    time heard_{};
    std::deque<wire::buffer> kept_;
    std::unordered_map<std::uint32_t, peer*> members_;
};

}  // namespace deadair::echo_server
