#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "echo-server/limits.hpp"
#include "echo-server/listening.hpp"
#include "echo-server/log.hpp"
#include "echo-server/peer.hpp"
#include "echo-server/registry.hpp"
#include "echo-server/strangers.hpp"
#include "echo-server/transport/refreshes.hpp"

namespace deadair::echo_server {

/// Accepts connections, and bounds what strangers can make it hold. One thread.
class server final : private peer_owner {
public:
    server(boost::asio::io_context& io, net::tls_context context,
           const std::vector<wire::token>& tokens, const server_limits& limits, log& to);
    ~server();

    /// @return the endpoint bound, with the port that the system chose where 0 was asked for.
    /// @throws boost::system::system_error if the address cannot be bound.
    net::tcp::endpoint listen(const net::tcp::endpoint& at)
    {
        return accept_at(listen_on(at, false));
    }
    net::tcp::endpoint accept_at(listening_socket at);
    /// From now on these are valid. Sessions begun with one that is not among them end.
    void replace_tokens(const std::vector<wire::token>& tokens);
    /// From now on new connections are shown its certificate; those that are there keep theirs.
    void replace_certificate(net::tls_context context);
    /// Closes all connections; as many as there is time for, in order.
    void stop();

    server_counts& counts() { return counts_; }
    std::size_t sessions() const { return registry_.sessions(); }
    std::size_t connections() const { return peers_.size(); }
    std::string metrics() const
    {
        return to_openmetrics(counts_, {.sessions = sessions(), .strangers = strangers_.size()});
    }

private:
    using clock = std::chrono::steady_clock;
    struct door;

    void proven(const peer& known) override { strangers_.remove(known.number()); }
    bool forget(peer& gone) override;
    void beaten() override;

    void accept_next(door& at);
    void pause_before_next(door& at);
    void admit(net::socket accepted);
    bool has_room_for(const boost::asio::ip::address& from);
    void expire_strangers();
    void watch_strangers();

    boost::asio::io_context& io_;
    net::tls_context context_;
    server_limits limits_;
    log& log_;
    server_counts counts_;
    std::vector<std::unique_ptr<door>> doors_;
    net::refreshes refreshes_;
    registry registry_;
    peer_surroundings around_;
    std::unordered_map<peer::serial, std::unique_ptr<peer>> peers_;
    peer::serial last_serial_{};
    strangers strangers_;
    boost::asio::steady_timer stranger_timer_;
    bool stranger_timer_runs_{};
    bool sampling_{};
};

}  // namespace deadair::echo_server
