#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "echo-server/listening.hpp"
#include "echo-server/log.hpp"
#include "echo-server/peer.hpp"
#include "echo-server/session.hpp"
#include "echo-server/strangers.hpp"
#include "echo-server/transport/refreshes.hpp"
#include "echo-server/wire/token.hpp"

namespace deadair::echo_server {

struct server_limits {
    std::size_t sessions{2000};
    std::size_t connections{20000};
    std::size_t connections_per_session{4096};
    std::size_t unauthenticated_per_address{64};
    std::size_t unauthenticated{2048};
    rate_limits rates{.messages_per_second = 10'000, .bytes_per_second = 128e6};  ///< of a session
};

/// Accepts connections, knows the sessions, and bounds what peers can make it hold. One thread.
class server {
public:
    server(boost::asio::io_context& io, net::tls_context context, std::vector<wire::token> tokens,
           server_limits limits, log& to);
    ~server();

    /// @return the endpoint bound, with the port that the system chose where 0 was asked for.
    /// @throws boost::system::system_error if the address cannot be bound.
    net::tcp::endpoint listen(const net::tcp::endpoint& at)
    {
        return accept_at(listen_on(at, false));
    }
    net::tcp::endpoint accept_at(listening_socket at);
    /// From now on these are valid. Sessions begun with one that is not among them end.
    void replace_tokens(std::vector<wire::token> tokens);
    /// From now on new connections are shown its certificate; those that are there keep theirs.
    void replace_certificate(net::tls_context context)
    {
        context_ = std::move(context);
        ++counts_.certificates_read;
    }
    void stop();

    const server_counts& counts() const { return counts_; }
    std::size_t sessions() const { return sessions_.size(); }
    std::size_t connections() const { return peers_.size(); }
    std::string metrics() const
    {
        return to_openmetrics(counts_,
                              {.sessions = sessions_.size(), .strangers = strangers_.size()});
    }

private:
    friend class peer;
    using clock = std::chrono::steady_clock;
    struct door;
    struct ticket_hash {
        std::size_t operator()(const wire::ticket& value) const;
    };

    void accept_next(door& at);
    void pause_before_next(door& at);
    void admit(net::socket accepted);
    bool has_room_for(const boost::asio::ip::address& from);
    bool forget(peer& gone);
    void expire_strangers();
    void watch_strangers();
    void sweep_sessions();
    void watch_sessions();
    void sample_lateness();

    /// The token with which this proof was made, or nullptr. Tries all, in the same time.
    const wire::token* token_of(const wire::exchange& said, const wire::digest& proof) const;
    /// Resumes the session if it is there and has the same token, else begins a new one; nullptr
    /// if there are too many.
    session* welcome(const wire::session_id& resume, const wire::token& token, bool& resumed);
    std::vector<wire::ticket> issue_tickets(session& to, std::uint16_t count);
    session* redeem(const wire::ticket& admission);
    void end(session& over);

    boost::asio::io_context& io_;
    net::tls_context context_;
    std::vector<wire::token> tokens_;
    server_limits limits_;
    log& log_;
    server_counts counts_;
    std::vector<std::unique_ptr<door>> doors_;
    std::unordered_map<peer::serial, std::unique_ptr<peer>> peers_;
    peer::serial last_serial_{};
    strangers strangers_;
    boost::asio::steady_timer stranger_timer_;
    bool stranger_timer_runs_{};
    std::map<wire::session_id, std::unique_ptr<session>> sessions_;
    std::unordered_map<wire::ticket, session*, ticket_hash> tickets_;
    boost::asio::steady_timer session_timer_;
    net::refreshes refreshes_;
    bool sampling_{};
};

}  // namespace deadair::echo_server
