// What a TLS connection costs the server's processor: OpenSSL's own handshake in a bare loop, the
// same at deadair's server, and with a probe connection's join. By turns, so that all three see
// the same machine; only the server's side counts.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <vector>

#include "echo-server/identity.hpp"
#include "echo-server/server.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/traffic_keys.hpp"
#include "tests/bench/process_figures.hpp"

namespace deadair::bench {
namespace {

using endpoint = boost::asio::ip::tcp::endpoint;

struct child {
    pid_t pid{};
    endpoint at;
};

// Accept and handshake: the least that a server can do.
void serve_bare(int listening, SSL_CTX* context)
{
    std::vector<net::ssl_ptr> held;
    while (true) {
        const int accepted = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto ssl = net::make_server_ssl(context);
        SSL_set_fd(ssl.get(), accepted);
        if (SSL_accept(ssl.get()) == 1)
            held.push_back(std::move(ssl));
    }
}

void serve_deadair(echo_server::listening_socket at, const echo_server::identity& own,
                   const wire::token& token)
{
    echo_server::log to{echo_server::log_level::error};
    boost::asio::io_context io{1};
    echo_server::server_limits limits;
    limits.unauthenticated_per_address = limits.unauthenticated;  // one client, many handshakes
    limits.rates = {.messages_per_second = 1e9, .bytes_per_second = 1e12};
    auto context = net::make_server_context(own.certificate.get(), own.key.get());
    net::note_traffic_keys(context.get());
    echo_server::server serving{io, std::move(context), {token}, limits, to};
    serving.accept_at(std::move(at));
    io.run();
}

template <class Serve>
child start(Serve serve)
{
    auto at = echo_server::listen_on({boost::asio::ip::address_v4::loopback(), 0}, false);
    const auto where = at.local();
    const auto pid = ::fork();
    if (pid == 0) {
        serve(std::move(at));
        ::_exit(0);
    }
    return {.pid = pid, .at = where};
}

/// A client that waits for each answer.
class connection {
public:
    connection(const endpoint& to, SSL_CTX* context, const net::trust& whom)
        : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)},
          ssl_{net::make_client_ssl(context, "127.0.0.1", whom)}
    {
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        SSL_set_fd(ssl_.get(), socket_);
        if (::connect(socket_, to.data(), static_cast<socklen_t>(to.size())) != 0 ||
            SSL_connect(ssl_.get()) != 1)
            throw std::runtime_error("a handshake failed");
    }
    ~connection()
    {
        ssl_.reset();
        const linger hard{.l_onoff = 1, .l_linger = 0};  // no TIME_WAIT
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        ::close(socket_);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    SSL* ssl() { return ssl_.get(); }
    template <class Answer, class Question>
    Answer ask(const Question& question)
    {
        const auto frame = wire::encode(question);
        SSL_write(ssl_.get(), frame.data(), static_cast<int>(frame.size()));
        wire::buffer heard(wire::header_size + wire::body_max);
        std::size_t size = 0;
        while (true) {
            std::size_t count = 0;
            if (SSL_read_ex(ssl_.get(), heard.data() + size, heard.size() - size, &count) != 1)
                throw std::runtime_error("the server ended a connection");
            size += count;
            auto seen = wire::decode_frame(wire::bytes{heard}.first(size), wire::body_max);
            while (seen.error == wire::frame_error::none) {
                if (seen.value.type == Answer::type)
                    return wire::decode<Answer>(seen.value.body).value();
                // A report of an earlier connection's end.
                std::copy(heard.begin() + static_cast<std::ptrdiff_t>(seen.consumed),
                          heard.begin() + static_cast<std::ptrdiff_t>(size), heard.begin());
                size -= seen.consumed;
                seen = wire::decode_frame(wire::bytes{heard}.first(size), wire::body_max);
            }
        }
    }

private:
    int socket_;
    net::ssl_ptr ssl_;
};

void log_in(connection& control, const wire::token& token)
{
    wire::exchange said;
    said.binding = net::binding_of(control.ssl());
    said.server_nonce = control.ask<wire::challenge>(wire::hello{}).server_nonce;
    control.ask<wire::welcome>(wire::proof{wire::prove_client(token.secret, said)});
}

using held = std::unique_ptr<connection>;

// Their ends do not count.
std::int64_t cost_ns(const child& server, int count, const std::function<held(int)>& connect)
{
    std::vector<held> all;
    all.reserve(static_cast<std::size_t>(count));
    const auto before = figures_of(server.pid).cpu_ns;
    for (int i = 0; i < count; ++i)
        all.push_back(connect(i));
    ::usleep(20'000);  // what the last one left to do
    const auto cost = figures_of(server.pid).cpu_ns - before;
    all.clear();
    ::usleep(50'000);
    return cost;
}

struct costs {
    std::int64_t bare_ns{};
    std::int64_t ours_ns{};
    std::int64_t joined_ns{};
};

struct servers {
    child bare;
    child ours;
};

/// How a client reaches both.
struct client {
    SSL_CTX* context;
    const net::trust& whom;
    const wire::token& token;

    auto to(const child& server) const
    {
        return
            [this, &server](int) { return std::make_unique<connection>(server.at, context, whom); };
    }
};

// Turn and turn about, so that what else the machine does falls on all alike.
costs shake_hands(const servers& with, const client& by, int turns, int count)
{
    costs sum;
    connection control{with.ours.at, by.context, by.whom};
    log_in(control, by.token);
    for (int turn = 0; turn < turns; ++turn) {
        sum.bare_ns += cost_ns(with.bare, count, by.to(with.bare));
        sum.ours_ns += cost_ns(with.ours, count, by.to(with.ours));
        const auto admitted =
            control.ask<wire::tickets>(wire::ticket_request{static_cast<std::uint16_t>(count)});
        sum.joined_ns += cost_ns(with.ours, count, [&](int i) {
            auto probe = by.to(with.ours)(i);
            const auto number = static_cast<std::uint32_t>(turn * count + i);
            probe->ask<wire::joined>(
                wire::join{.admission = admitted.values.at(static_cast<std::size_t>(i)),
                           .connection = number});
            return probe;
        });
    }
    return sum;
}

void print(const costs& of, double all)
{
    const auto bare = static_cast<double>(of.bare_ns);
    const auto ours = static_cast<double>(of.ours_ns);
    const auto joined = static_cast<double>(of.joined_ns);
    fmt::print("handshakes={:.0f}\n", all);
    fmt::print("bare_us={:.0f} server_us={:.0f} server_with_join_us={:.0f}\n", bare / all / 1e3,
               ours / all / 1e3, joined / all / 1e3);
    fmt::print("handshakes_per_cpu_s_to_bare={:.2f} join_to_handshake={:.2f}\n", bare / ours,
               joined / ours);
}

void compare(int turns, int count)
{
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("bench-{}", ::getpid());
    std::filesystem::create_directory(folder);
    const auto own = echo_server::load_or_make_identity(folder);
    std::filesystem::remove_all(folder);
    const wire::token token{.name = "bench", .secret = wire::buffer(wire::token_size)};
    net::trust whom;
    whom.pin = net::pin_of(own.certificate.get());
    const auto context = net::make_client_context(whom);
    const auto bare = start([&](echo_server::listening_socket at) {
        const auto serving = net::make_server_context(own.certificate.get(), own.key.get());
        ::fcntl(at.descriptor(), F_SETFL, 0);  // it blocks
        serve_bare(at.descriptor(), serving.get());
    });
    const auto ours =
        start([&](echo_server::listening_socket at) { serve_deadair(std::move(at), own, token); });
    const auto sum = shake_hands({bare, ours}, {context.get(), whom, token}, turns, count);
    for (const auto each : {bare.pid, ours.pid}) {
        ::kill(each, SIGTERM);
        ::waitpid(each, nullptr, 0);
    }
    print(sum, static_cast<double>(turns) * count);
}

}  // namespace
}  // namespace deadair::bench

int main()
{
    try {
        deadair::bench::compare(20, 100);
        return 0;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench-handshakes: {}\n", problem.what());
        return 1;
    }
}
