// One end of a TLS connection that hibernates as soon as the handshake is over: a server that sends
// back what it gets, or a client that holds against each other what it said and what came back.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "echo-server/transport/byte_stream.hpp"
#include "tests/unit/echo-server/transport/tls_contexts.hpp"

namespace deadair::net {
namespace {

// A peer that says nothing for so long says nothing any more.
constexpr int patience_ms = 10'000;

sockaddr_in loopback(std::uint16_t port)
{
    return {.sin_family = AF_INET,
            .sin_port = htons(port),
            .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
            .sin_zero = {}};
}

class connection {
public:
    connection(int socket, ssl_ptr ssl) : socket_{socket}, stream_{socket}
    {
        stream_.secure(std::move(ssl));
        while (true) {
            const auto taken = stream_.handshake();
            if (taken.what == progress::done)
                break;
            wait(taken);
        }
        stream_.hibernate();
        if (stream_.ssl() != nullptr)
            throw std::runtime_error("it does not hibernate");
    }
    ~connection() { ::close(socket_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void say(wire::bytes all)
    {
        while (!all.empty()) {
            const auto taken = stream_.write_some(all);
            if (taken.what == progress::done)
                all = all.subspan(taken.transferred);
            else
                wait(taken);
        }
    }
    /// What comes next; nothing when the peer closed.
    wire::buffer hear()
    {
        wire::buffer room(records::plain_max);
        while (true) {
            const auto taken = stream_.read_some(room);
            if (taken.what == progress::ended && taken.cause == wire::end_cause::closed)
                return {};
            if (taken.what == progress::done) {
                room.resize(taken.transferred);
                return room;
            }
            wait(taken);
        }
    }
    void close() { stream_.shut_down(); }

private:
    void wait(const step& why)
    {
        if (why.what == progress::ended)
            throw std::runtime_error(why.detail);
        pollfd one{.fd = socket_,
                   .events = static_cast<short>(why.what == progress::want_read ? POLLIN : POLLOUT),
                   .revents = 0};
        if (::poll(&one, 1, patience_ms) != 1)
            throw std::runtime_error("the peer is silent");
    }

    int socket_;
    byte_stream stream_;
};

int open_socket()
{
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

// Serves one connection after the other, until it is ended.
void serve(tls_contexts& by)
{
    const int listening = open_socket();
    auto at = loopback(0);
    socklen_t size = sizeof at;
    if (::bind(listening, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listening, 1) != 0 ||
        ::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        throw std::runtime_error("no port to listen on");
    fmt::print("{}\n", ntohs(at.sin_port));
    std::fflush(stdout);
    while (true) {
        const int accepted = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        connection peer{accepted, make_server_ssl(by.server())};
        for (auto said = peer.hear(); !said.empty(); said = peer.hear())
            peer.say(said);
        peer.close();
    }
}

void ask(tls_contexts& by, std::uint16_t port)
{
    const int here = open_socket();
    const auto there = loopback(port);
    if (::connect(here, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0)
        throw std::runtime_error("nobody listens there");
    ::fcntl(here, F_SETFL, O_NONBLOCK);
    connection peer{here, by.client_ssl()};
    std::uint8_t next = 0;
    for (const std::size_t size : {1U, 100U, 16384U, 50'000U, 3U}) {
        wire::buffer said(size);
        std::ranges::generate(said, [&] { return static_cast<std::byte>(next++); });
        peer.say(said);
        wire::buffer heard;
        while (heard.size() < size) {
            const auto more = peer.hear();
            if (more.empty())
                throw std::runtime_error("the peer closed too early");
            heard.insert(heard.end(), more.begin(), more.end());
        }
        if (heard != said)
            throw std::runtime_error("what came back is not what was said");
    }
    peer.close();
}

}  // namespace
}  // namespace deadair::net

int main(int argc, char** argv)
{
    try {
        deadair::net::tls_contexts by;
        if (argc == 2)
            deadair::net::ask(by, static_cast<std::uint16_t>(std::stoi(argv[1])));
        else
            deadair::net::serve(by);
        return 0;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return 1;
    }
}
