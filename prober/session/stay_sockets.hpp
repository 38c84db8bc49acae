#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

#include "prober/observation/actions.hpp"
#include "prober/observation/near_end.hpp"
#include "prober/session/heartbeats.hpp"

namespace deadair::prober {

/// A connection under test that was opened, as it is written down.
struct opened_connection {
    std::uint32_t number{};
    path on;
    boost::asio::ip::tcp::endpoint local;
    boost::asio::ip::tcp::endpoint remote;
    /// Whence it comes in the server's eyes, behind a NAT another than `local`; none: not told.
    std::optional<boost::asio::ip::tcp::endpoint> seen_as;
    nanoseconds opened{};
    std::string socket_options;  ///< JSON
};

/// The sockets of a stay at a server of any make. They do what they are asked, put what they see
/// into an inbox, and decide nothing.
class stay_sockets : public observation::near_end {
public:
    virtual void start() = 0;
    virtual void stop() = 0;
    virtual void carry_out(const observation::action& wanted) = 0;
    /// nullopt once it is closed.
    virtual std::optional<opened_connection> opened(std::uint32_t number) = 0;
    /// Of the connection that shows whether the path works.
    virtual socket_facts control_facts() = 0;
    /// What heartbeats tell of the path; nullptr: this server answers none.
    virtual const heartbeats* beats() const = 0;
};

}  // namespace deadair::prober
