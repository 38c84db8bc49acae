#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "echo-server/allowance.hpp"
#include "echo-server/kept_reports.hpp"
#include "echo-server/team.hpp"
#include "echo-server/tickets.hpp"
#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/trust_messages.hpp"

namespace deadair::echo_server {

class peer;

/// One prober's stay: its control connection, which may come and go, and its probe connections.
/// Knows no socket and no clock; the registry and the peers drive it.
class session {
public:
    using time = std::chrono::steady_clock::time_point;

    session(wire::session_id id, tickets::half ticket_half, std::shared_ptr<team> of,
            const rate_limits& rates, time now);
    ~session() { --team_->sessions; }
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    const wire::session_id& id() const { return id_; }
    /// In whose name it was begun.
    const std::shared_ptr<team>& of() const { return team_; }
    /// What its connections send, and make us send, counts: for it and for its team.
    /// @return false when it is more than they may.
    bool pay(double messages, double bytes, time now);
    /// Whether so many bytes could be paid for now.
    bool covers(double bytes, time now);
    tickets& admissions() { return tickets_; }

    /// The control connection is there (again): what was kept for it goes out in order.
    void attach(peer& control, time now);
    /// It is gone; the session lives on for `wire::session_grace`.
    void detach(time now);
    peer* control() const { return control_; }

    /// Sends a report over the control connection, or keeps it until that is back and has been
    /// sent what was kept before.
    void report(wire::bytes frame);
    /// Sends what was kept, as much as the control connection takes now; to be called again when
    /// it has drained.
    void send_kept();

    void heard(time now) { heard_ = now; }
    /// The control connection is there but says nothing, so it is as good as gone.
    bool control_silent(time now) const
    {
        return control_ && now - heard_ > wire::control_silence_max;
    }
    bool expired(time now) const { return !control_ && now - heard_ > wire::session_grace; }

    /// @return false if the number is taken.
    bool add(std::uint32_t connection, peer& member);
    void remove(std::uint32_t connection);
    peer* member(std::uint32_t connection) const;
    /// Any of them; nullptr when there is none.
    peer* any_member() const { return members_.empty() ? nullptr : members_.begin()->second; }
    std::size_t size() const { return members_.size(); }
    /// Members whose keepalives go only so many hops.
    int refreshed_within() const { return refreshed_within_; }
    /// One more, or one less.
    void refreshes_within(int change) { refreshed_within_ += change; }

private:
    wire::session_id id_;
    std::shared_ptr<team> team_;
    allowance allowance_;
    tickets tickets_;
    peer* control_{};
    time heard_{};
    kept_reports kept_;
    int refreshed_within_{};
    std::unordered_map<std::uint32_t, peer*> members_;
};

}  // namespace deadair::echo_server
