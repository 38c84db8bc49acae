#pragma once

#include <boost/asio/io_context.hpp>

#include "prober/server_options.hpp"
#include "prober/target.hpp"

namespace deadair::prober {

/// Looks the server's name up, once for the whole run: one address of each family that was asked
/// for, or of the first family that the name has. With a proxy it is the proxy that is looked up:
/// it knows the way to the server by itself. `context` is left for the caller.
/// @throws std::runtime_error if it has no such address.
target resolve(boost::asio::io_context& io, const server_options& wanted);

}  // namespace deadair::prober
