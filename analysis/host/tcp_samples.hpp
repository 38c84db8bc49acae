#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "analysis/host/descriptor.hpp"
#include "analysis/sockets/sample.hpp"

namespace deadair::host {

/// Time since an observation's start, on the monotonic clock.
using clock_reading = std::function<nanoseconds()>;

/// All connections of this network namespace that are not over (sock_diag(7)), into `all`, of which
/// what it held before is gone.
/// @throws std::system_error if the kernel does not answer.
void read_samples(const clock_reading& now, std::vector<sockets::sample>& all);

/// Ports on which something of this host listens. @throws std::system_error
std::vector<std::uint16_t> listening_ports();

/// The kernel's notices that a TCP socket is no more, with its last figures.
class tcp_ends {
public:
    /// @throws std::system_error where it tells nobody
    tcp_ends();

    /// To be waited for; becomes readable.
    int native() const { return socket_.get(); }
    /// What has come. Where too much came at once some of it is missing.
    void read(const clock_reading& now, const std::function<void(const sockets::sample&)>& take);

private:
    descriptor socket_;
    std::vector<std::byte> buffer_;
};

}  // namespace deadair::host
