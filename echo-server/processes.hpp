#pragma once

#include <cstddef>
#include <functional>

#include "analysis/words/exit_code.hpp"
#include "echo-server/log.hpp"

namespace deadair::echo_server {

/// Does the work in so many processes, told their index; with one it is this very process. SIGHUP,
/// SIGINT and SIGTERM are passed on to all. When one ends by itself all end, because the kernel
/// would give its clients to the others, which do not know their sessions.
/// @return the exit code: the work's own, or `failed` if a process ended by itself.
exit_code run_processes(std::size_t count, log& to,
                        const std::function<exit_code(std::size_t)>& work);

}  // namespace deadair::echo_server
