#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "echo-server/transport/byte_stream.hpp"
#include "tests/unit/echo-server/transport/tls_contexts.hpp"

/// Two ends of a TLS connection in one process, and all that passes between them in our hands.
namespace deadair::net {

/// One way between two sockets. What one end wrote waits here until it is carried on.
class way {
public:
    way(int from, int to) : from_{from}, to_{to} {}

    /// Takes all that was written, and hands over so many bytes of it. @return how many it did
    std::size_t carry(std::size_t most)
    {
        collect();
        const auto count = ::send(to_, held_.data(), std::min(most, held_.size()), MSG_NOSIGNAL);
        const auto gone = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(gone));
        carried_ += gone;
        return gone;
    }
    /// What waits, to be spoilt.
    wire::buffer& held()
    {
        collect();
        return held_;
    }
    std::size_t carried() const { return carried_; }

private:
    void collect()
    {
        static std::array<std::byte, 65536> room;
        while (true) {
            const auto count = ::recv(from_, room.data(), room.size(), MSG_DONTWAIT);
            if (count <= 0)
                return;
            held_.insert(held_.end(), room.begin(), room.begin() + count);
        }
    }

    int from_;
    int to_;
    wire::buffer held_;
    std::size_t carried_{};
};

/// A connection over which the handshake has been.
class tls_pair {
public:
    enum end : std::uint8_t { server, client };

    /// @param as  the server's, with its role set, and the client's
    tls_pair(ssl_ptr server_ssl, ssl_ptr client_ssl)
    {
        streams_[server].secure(std::move(server_ssl));
        streams_[client].secure(std::move(client_ssl));
        for (int turn = 0; turn < 16 && !(done_[0] && done_[1]); ++turn) {
            for (const auto who : {client, server})
                done_[who] = done_[who] || at(who).handshake().what == progress::done;
            carry_all();
        }
        if (!done_[0] || !done_[1])
            throw std::runtime_error("no handshake");
    }
    ~tls_pair()
    {
        for (const int each : {near_[0], near_[1], far_[0], far_[1]})
            ::close(each);
    }
    tls_pair(const tls_pair&) = delete;
    tls_pair& operator=(const tls_pair&) = delete;

    byte_stream& at(end who) { return streams_[who]; }
    /// What `who` says on its way to the other.
    way& from(end who) { return ways_[who]; }
    void carry_all()
    {
        while (ways_[0].carry(SIZE_MAX) + ways_[1].carry(SIZE_MAX) > 0) {
        }
    }

private:
    static std::array<int, 2> sockets()
    {
        std::array<int, 2> made{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made.data()) != 0)
            throw std::runtime_error("no sockets");
        // Less than a record, so that one does not always go at once.
        const int small = 4096;
        for (const int each : made)
            ::setsockopt(each, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
        return made;
    }

    std::array<int, 2> near_{sockets()};  // the server's, and its other end
    std::array<int, 2> far_{sockets()};   // the client's
    std::array<byte_stream, 2> streams_{byte_stream{near_[0]}, byte_stream{far_[0]}};
    std::array<way, 2> ways_{way{near_[1], far_[1]}, way{far_[1], near_[1]}};
    std::array<bool, 2> done_{};
};

}  // namespace deadair::net
