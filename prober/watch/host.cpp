#include "prober/watch/host.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds step_min = 2s;

nanoseconds reading(clockid_t which)
{
    timespec value{};
    ::clock_gettime(which, &value);
    return std::chrono::seconds{value.tv_sec} + std::chrono::nanoseconds{value.tv_nsec};
}

nanoseconds wall_lead()
{
    const auto boot = reading(CLOCK_BOOTTIME);
    return std::chrono::duration_cast<nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch()) -
           boot;
}

}  // namespace

std::optional<boost::asio::ip::address> local_address_towards(const net::tcp::endpoint& server)
{
    // Connecting a datagram socket looks the route up, and sends nothing.
    const int probe = ::socket(server.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return std::nullopt;
    std::optional<boost::asio::ip::address> found;
    net::tcp::endpoint local;
    socklen_t size = static_cast<socklen_t>(local.capacity());
    if (::connect(probe, server.data(), static_cast<socklen_t>(server.size())) == 0 &&
        ::getsockname(probe, local.data(), &size) == 0) {
        local.resize(size);
        found = local.address();
    }
    ::close(probe);
    return found;
}

wall_clock_watch::wall_clock_watch() : lead_{wall_lead()} {}

nanoseconds wall_clock_watch::was_set()
{
    const auto lead = wall_lead();
    const auto step = lead - lead_;
    lead_ = lead;
    return step > -step_min && step < step_min ? 0ns : step;
}

}  // namespace deadair::prober
