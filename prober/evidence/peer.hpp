#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "analysis/host/descriptor.hpp"
#include "analysis/words/duration.hpp"

namespace deadair::prober::evidence {

/// An address and port, as sockets want it.
struct peer {
    sockaddr_storage address{};
    socklen_t size{};

    int family() const { return address.ss_family; }
};

/// "198.51.100.7"
std::string to_string(const peer& value);

struct resolved {
    std::optional<peer> first;
    std::string problem;  ///< why there is none
    nanoseconds took{};
};

/// Asks the system's resolver (hosts file, DNS, ...) for TCP.
resolved resolve(const std::string& host, std::uint16_t port);

struct connected {
    host::descriptor socket;
    int error{};  ///< errno; 0: the connection stands
    nanoseconds took{};
};

/// Connects, and waits at most five seconds.
connected connect_to(const peer& there);

}  // namespace deadair::prober::evidence
