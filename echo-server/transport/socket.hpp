#pragma once

#include <chrono>

#include "echo-server/wire/messages.hpp"

/// What Linux tells of a TCP socket, and the options that keep it silent.
namespace deadair::net {

/// The kernel's figures (`TCP_INFO`, tcp(7)); all zero once the socket is closed.
wire::socket_facts facts_of(int socket);

/// No delay, no keepalive: nothing is sent that we did not send.
void make_silent(int socket);

/// TCP keepalive after `every` of silence, and again as often; whole seconds, at least one. As
/// many may stay unanswered as the kernel allows: it is the binding that is watched, not the peer.
void keep_alive(int socket, std::chrono::seconds every);

/// Acknowledge at once what has arrived: a delayed acknowledgement would restart the silence up
/// to 40 ms later. The kernel forgets this option; set it after every read.
void acknowledge_now(int socket);

/// A bind to an address alone leaves the port to `connect`, which knows the other end and so has
/// all ports for each (IP_BIND_ADDRESS_NO_PORT, ip(7)).
void choose_port_late(int socket);

/// Closing sends a reset instead of FIN, and the kernel keeps no orphan that retransmits.
void reset_on_close(int socket);

/// What an errno of a socket call says of the connection's end.
wire::end_cause cause_of(int error);

}  // namespace deadair::net
