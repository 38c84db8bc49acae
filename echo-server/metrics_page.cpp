#include "echo-server/metrics_page.hpp"

#include <fmt/format.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <memory>

namespace deadair::echo_server {

namespace {

using namespace std::chrono_literals;
using tcp = boost::asio::ip::tcp;

constexpr std::size_t request_max = 4096;
constexpr std::size_t readers_max = 8;
constexpr auto reader_deadline = 5s;
constexpr auto accept_pause = 1s;

// One scraper's visit: it ends with the answer, or when its time is over.
class visit : public std::enable_shared_from_this<visit> {
public:
    visit(tcp::socket from, const std::function<std::string()>& text,
          std::shared_ptr<std::size_t> readers)
        : socket_{std::move(from)},
          timer_{socket_.get_executor()},
          text_{text},
          readers_{std::move(readers)}
    {
        ++*readers_;
    }
    ~visit() { --*readers_; }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;

    void start()
    {
        timer_.expires_after(reader_deadline);
        timer_.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
            if (const auto here = self.lock(); here && !error)
                here->close();
        });
        boost::asio::async_read_until(
            socket_, boost::asio::dynamic_buffer(request_, request_max), "\r\n\r\n",
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                if (!error)
                    self->answer();
            });
    }

private:
    void answer()
    {
        const bool known = request_.starts_with("GET /metrics ");
        const auto body = known ? text_() : std::string{"only GET /metrics is here\n"};
        answer_ = fmt::format(
            "HTTP/1.1 {}\r\nContent-Type: {}; charset=utf-8\r\nContent-Length: {}\r\n"
            "Connection: close\r\n\r\n{}",
            known ? "200 OK" : "404 Not Found",
            known ? "application/openmetrics-text; version=1.0.0" : "text/plain", body.size(),
            body);
        boost::asio::async_write(socket_, boost::asio::buffer(answer_),
                                 [self = shared_from_this()](const boost::system::error_code&,
                                                             std::size_t) { self->close(); });
    }
    void close()
    {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        socket_.close(ignored);
        timer_.cancel();
    }

    tcp::socket socket_;
    boost::asio::steady_timer timer_;
    const std::function<std::string()>& text_;
    std::shared_ptr<std::size_t> readers_;  // a visit may outlive the page
    std::string request_;
    std::string answer_;
};

}  // namespace

metrics_page::metrics_page(boost::asio::io_context& io, listening_socket at,
                           std::function<std::string()> text)
    : acceptor_{io}, pause_{io}, text_{std::move(text)}
{
    const auto protocol = at.local().protocol();
    acceptor_.assign(protocol, at.take());
    accept_next();
}

void metrics_page::stop()
{
    acceptor_.close();
    pause_.cancel();
}

void metrics_page::accept_next()
{
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket accepted) {
        if (error == boost::asio::error::operation_aborted)
            return;
        if (error) {  // no descriptor left, usually
            pause_.expires_after(accept_pause);
            return pause_.async_wait([this](const boost::system::error_code& stopped) {
                if (!stopped)
                    accept_next();
            });
        }
        if (*readers_ < readers_max)
            std::make_shared<visit>(std::move(accepted), text_, readers_)->start();
        accept_next();
    });
}

}  // namespace deadair::echo_server
