#include "prober/evidence/peer.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace deadair::prober::evidence {

namespace {

using clock = std::chrono::steady_clock;

int outcome_of(int socket, nanoseconds patience)
{
    pollfd waiting{.fd = socket, .events = POLLOUT, .revents = 0};
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    if (::poll(&waiting, 1, static_cast<int>(milliseconds)) <= 0)
        return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

std::string to_string(const peer& value)
{
    std::array<char, NI_MAXHOST> text{};
    const auto* const address = reinterpret_cast<const sockaddr*>(&value.address);
    return ::getnameinfo(address, value.size, text.data(), text.size(), nullptr, 0,
                         NI_NUMERICHOST) == 0
               ? text.data()
               : "?";
}

resolved resolve(const std::string& host, std::uint16_t port, std::optional<address_family> family)
{
    addrinfo hints{};
    if (family)
        hints.ai_family = *family == address_family::ipv6 ? AF_INET6 : AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* all = nullptr;
    const auto began = clock::now();
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &all);
    resolved found{.first = {}, .problem = {}, .took = clock::now() - began};
    if (error != 0) {
        found.problem = ::gai_strerror(error);
        return found;
    }
    found.first.emplace();
    std::memcpy(&found.first->address, all->ai_addr, all->ai_addrlen);
    found.first->size = all->ai_addrlen;
    ::freeaddrinfo(all);
    return found;
}

connected connect_to(const peer& there, nanoseconds patience)
{
    const auto began = clock::now();
    host::descriptor socket{
        ::socket(there.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
    int error = socket.get() < 0 ? errno : 0;
    if (error == 0 &&
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&there.address), there.size) != 0)
        error = errno == EINPROGRESS ? outcome_of(socket.get(), patience) : errno;
    return {.socket = std::move(socket), .error = error, .took = clock::now() - began};
}

}  // namespace deadair::prober::evidence
