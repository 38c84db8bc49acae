#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "echo-server/counts.hpp"
#include "echo-server/limits.hpp"
#include "echo-server/log.hpp"
#include "echo-server/session.hpp"
#include "echo-server/team.hpp"
#include "echo-server/wire/proof.hpp"

namespace deadair::echo_server {

/// Who is here, and in whose name: the tokens that are valid, their teams with their shares, the
/// sessions and their tickets. What ends, ends some at a time, so that nobody waits for it.
class registry {
public:
    registry(boost::asio::io_context& io, const server_limits& limits, server_counts& counts,
             log& events);

    /// From now on these are valid. Sessions and clients of another make whose token is not among
    /// them end; all others stay, whatever their token is called now.
    void replace_tokens(const std::vector<wire::token>& tokens);

    /// Whose token this proof was made with, or nullptr. Tries all, in the same time.
    std::shared_ptr<team> team_of(const wire::exchange& said, const wire::digest& proof) const;
    /// The same for a token as it is written.
    std::shared_ptr<team> team_of(std::string_view hex) const;
    /// Whether the team may have another connection.
    bool has_room(const team& whose) const;
    /// So many connections may one of its sessions hold.
    std::size_t connections_max(const team& whose) const;

    /// A session taken up again if it is there and of the same team, else a new one; nullptr if
    /// there are too many, in all or of this team.
    struct welcome {
        session* to{};
        bool resumed{};
    };
    welcome admit(const wire::session_id& resume, const std::shared_ptr<team>& whose);
    std::vector<wire::ticket> issue_tickets(session& to, std::size_t count);
    /// The session that the ticket was issued to, once; else nullptr.
    session* redeem(const wire::ticket& shown);

    std::size_t sessions() const { return sessions_.size(); }
    void stop();

private:
    using clock = std::chrono::steady_clock;

    std::size_t sessions_max() const;
    void share_out();
    void end(const wire::session_id& id);
    void end_soon();
    void end_some();
    bool end_one();
    void watch();
    void sweep();

    boost::asio::io_context& io_;
    const server_limits& limits_;
    server_counts& counts_;
    log& log_;
    std::vector<std::shared_ptr<team>> teams_;
    std::map<wire::session_id, std::unique_ptr<session>> sessions_;
    std::map<tickets::half, session*> by_ticket_;
    std::deque<std::unique_ptr<session>> over_;  // with members that still have to go
    std::deque<std::shared_ptr<team>> revoked_;  // with guests that still have to go
    bool ending_{};
    boost::asio::steady_timer sweep_timer_;
    bool watching_{};
    wire::session_id swept_to_{};
};

}  // namespace deadair::echo_server
