#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Sockets that listen before there is an event loop: they are bound while the process may still
/// use low ports, and shared out to the processes that serve.
namespace deadair::echo_server {

/// An address to listen on, as it was written: "[::]:7443", "0.0.0.0:443".
struct listen_address {
    std::string host;
    std::uint16_t port{};
    std::string text;
};

/// Owns a listening socket until somebody takes it.
class listening_socket {
public:
    listening_socket() = default;
    explicit listening_socket(int descriptor) : descriptor_{descriptor} {}
    ~listening_socket();
    listening_socket(listening_socket&& other) noexcept
        : descriptor_{std::exchange(other.descriptor_, -1)}
    {
    }
    listening_socket& operator=(listening_socket&& other) noexcept
    {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

    int descriptor() const { return descriptor_; }
    int take() { return std::exchange(descriptor_, -1); }
    boost::asio::ip::tcp::endpoint local() const;

private:
    int descriptor_{-1};
};

/// @param shared  others will be bound to the same address and port (SO_REUSEPORT, socket(7)).
/// @throws boost::system::system_error if the address cannot be bound.
listening_socket listen_on(const boost::asio::ip::tcp::endpoint& at, bool shared);

/// One socket for each of the processes, all on one port. The kernel gives a connection to one of
/// them by its source address alone (for IPv6 its /64), because a session lives in one process.
/// @throws std::runtime_error with one sentence: the port is in use, the address not of this host.
std::vector<listening_socket> listen_for(const listen_address& at, std::size_t processes);

}  // namespace deadair::echo_server
