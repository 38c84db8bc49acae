#include "tests/loopback/relay.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>

namespace deadair::loopback {

namespace {

using tcp = boost::asio::ip::tcp;
using steady = std::chrono::steady_clock;

tcp::endpoint on_loopback(std::uint16_t port)
{
    return {boost::asio::ip::address_v4::loopback(), port};
}

/// Two connections and what is known of the silence between their ends.
struct pair : std::enable_shared_from_this<pair> {
    struct end {
        tcp::socket socket;
        std::array<char, 16384> buffer{};
    };

    pair(tcp::socket from, const relay_rules& by, std::shared_ptr<const std::atomic<bool>> night)
        : client{std::move(from), {}},
          server{tcp::socket{client.socket.get_executor()}, {}},
          rules{by},
          dark{std::move(night)}
    {
    }

    void connect(std::uint16_t port)
    {
        server.socket.async_connect(on_loopback(port), [self = shared_from_this()](auto error) {
            if (error)
                return;
            self->pass(self->client, self->server);
            self->pass(self->server, self->client);
        });
    }

    void pass(end& from, end& to)
    {
        from.socket.async_read_some(
            boost::asio::buffer(from.buffer),
            [self = shared_from_this(), &from, &to](auto error, std::size_t size) {
                if (error)
                    return self->close();
                if (&from == &self->client)
                    self->note_upload(size);
                if (self->forgotten())
                    return self->rules.closes ? self->close() : self->pass(from, to);
                boost::asio::async_write(to.socket, boost::asio::buffer(from.buffer, size),
                                         [self, &from, &to](auto failed, std::size_t) {
                                             failed ? self->close() : self->pass(from, to);
                                         });
            });
    }

    void note_upload(std::size_t size)
    {
        constexpr char tls_handshake = 0x16;  // RFC 8446, 5.1
        if (uploaded == 0)
            plain = client.buffer.front() != tls_handshake;
        uploaded += size;
    }

    // A forgotten connection stays forgotten.
    bool forgotten()
    {
        const auto now = steady::now();
        gone = gone || *dark || now - last_passed >= rules.idle_timeout ||
               (rules.plain_age_max && plain && now - began >= *rules.plain_age_max) ||
               (rules.upload_max && uploaded > *rules.upload_max);
        last_passed = now;
        return gone;
    }

    void close()
    {
        boost::system::error_code ignored;
        client.socket.close(ignored);
        server.socket.close(ignored);
    }

    end client;
    end server;
    relay_rules rules;
    std::shared_ptr<const std::atomic<bool>> dark;
    steady::time_point began{steady::now()};
    steady::time_point last_passed{began};
    std::size_t uploaded{};
    bool plain{};
    bool gone{};
};

}  // namespace

relay::relay(boost::asio::io_context& io, std::uint16_t server, const relay_rules& rules)
    : acceptor_{io, on_loopback(0)}, server_{server}, rules_{rules}
{
    accept();
}

void relay::accept()
{
    acceptor_.async_accept([this](auto error, tcp::socket from) {
        if (error)
            return;
        std::make_shared<pair>(std::move(from), rules_, dark_)->connect(server_);
        accept();
    });
}

}  // namespace deadair::loopback
