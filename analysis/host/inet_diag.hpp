#pragma once

#include <linux/inet_diag.h>
#include <linux/tcp.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "analysis/audit/connection.hpp"
#include "analysis/words/endpoint.hpp"

/// How sock_diag(7) tells of TCP sockets.
namespace deadair::host {

/// One socket. An older kernel knows less of `info`, which is 0 then.
struct diagnosed {
    inet_diag_msg message{};
    std::optional<tcp_info> info;
};

/// A message's body.
diagnosed read_diagnosed(std::span<const std::byte> body);
/// All TCP sockets of this network namespace, IPv4's first.
/// @param states  a bit for each, as include/net/tcp_states.h numbers them
/// @throws std::system_error if the kernel does not answer.
void diagnose_tcp(std::uint32_t states, const std::function<void(const diagnosed&)>& take);

/// Addresses of IPv4 in IPv6's clothes (::ffff:192.0.2.1) are IPv4's, as they are on the wire.
endpoint local_of(const inet_diag_msg& of);
endpoint remote_of(const inet_diag_msg& of);
audit::timer timer_of(const inet_diag_msg& of);

}  // namespace deadair::host
