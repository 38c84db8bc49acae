#pragma once

#include <boost/asio/io_context.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "prober/server/server_options.hpp"
#include "prober/session/control.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

/// Looks the server's name up, once for the whole run: one address of each family that was asked
/// for, or of the first family that the name has. Of several addresses the first that takes a TCP
/// connection is meant, since one may be out of service. With a proxy it is the proxy that is
/// looked up: it knows the way to the server by itself. `context` is left for the caller.
/// @throws std::runtime_error if it has no such address.
target resolve(boost::asio::io_context& io, const server_options& wanted);

/// Moves to the front what takes a TCP connection, the earliest of them; each gets a head start of
/// 250 ms before the next is tried beside it (RFC 8305). The order stays if none does.
void put_first_what_answers(std::vector<net::tcp::endpoint>& all);

/// From addresses that were looked up, of each family that is asked for the one that answers.
/// @throws std::runtime_error
target target_that_answers(const net::tcp::resolver::results_type& found,
                           const server_options& wanted);

/// Host and port to look up: the server, or the proxy on the way to it.
std::pair<std::string, std::string> name_of(const server_options& wanted);
/// The same from addresses that were looked up. @throws std::runtime_error
target target_of(const net::tcp::resolver::results_type& found, const server_options& wanted);

/// Every port over every address and transport.
std::vector<path> paths_of(const server_options& wanted, const target& server,
                           std::span<const transport> transports);
/// The control connection: a WebSocket if any of these is one, so that it passes where they pass.
control::settings control_of(const server_options& wanted, const target& server,
                             std::span<const transport> transports);

}  // namespace deadair::prober
