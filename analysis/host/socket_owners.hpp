#pragma once

#include <span>

#include "analysis/audit/connection.hpp"

namespace deadair::host {

/// Fills in which process holds each connection and its keepalive options, where this user may
/// look into the process (/proc/PID/fd, pidfd_getfd(2)); the others stay as they are.
void name_owners(std::span<audit::connection> of);

}  // namespace deadair::host
