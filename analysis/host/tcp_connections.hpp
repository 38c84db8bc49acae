#pragma once

#include <vector>

#include "analysis/audit/connection.hpp"

/// What the kernel tells of this host. Thin: it reads, and judges nothing.
namespace deadair::host {

/// All established TCP connections of this network namespace, IPv4 and IPv6 (sock_diag(7)), with
/// their processes and keepalive options where this user may know them.
/// @throws std::system_error if the kernel does not answer.
std::vector<audit::connection> tcp_connections();

}  // namespace deadair::host
