#pragma once

#include <cstddef>
#include <functional>

#include "echo-server/log.hpp"

namespace deadair::echo_server {

/// Does the work in so many processes, told their index; with one it is this very process. SIGHUP,
/// SIGINT and SIGTERM are passed on to all. When one ends by itself all end, because the kernel
/// would give its clients to the others, which do not know their sessions.
/// @return the exit code: the work's own, or `failed` if a process ended by itself.
int run_processes(std::size_t count, log& to, const std::function<int(std::size_t)>& work);

}  // namespace deadair::echo_server
