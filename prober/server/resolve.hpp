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
/// for, or of the first family that the name has. With a proxy it is the proxy that is looked up:
/// it knows the way to the server by itself. `context` is left for the caller.
/// @throws std::runtime_error if it has no such address.
target resolve(boost::asio::io_context& io, const server_options& wanted);

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
