#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "analysis/host/descriptor.hpp"
#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

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

/// Asks the system's resolver (hosts file, DNS, ...) for TCP, which takes seconds when nobody
/// answers. @param family  none: whichever the system prefers
resolved resolve(const std::string& host, std::uint16_t port,
                 std::optional<address_family> family = {});

struct connected {
    host::descriptor socket;
    int error{};  ///< errno; 0: the connection stands
    nanoseconds took{};
};

/// Connects. @param patience  how long to wait for an answer
connected connect_to(const peer& there, nanoseconds patience = std::chrono::seconds{5});

}  // namespace deadair::prober::evidence
