// Connections to a server of another make: an echo server behind nginx or HAProxy, Node's ws.
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "tests/bench/load/group.hpp"

namespace deadair::load {

namespace {

class echoes;

class echo final : public net::channel_events {
public:
    explicit echo(echoes& owner) : owner_{owner} {}
    void open(boost::asio::io_context& io, const net::tcp::endpoint& to,
              net::channel::client_options how)
    {
        channel_ = net::channel::connect(io.get_executor(), to, std::move(how), *this);
    }
    void speak() { channel_->send(wire::encode(wire::probe{})); }

private:
    void on_open() override;
    void on_frame(const wire::frame&) override;
    void on_end(wire::end_cause, const std::string& detail) override
    {
        throw std::runtime_error(fmt::format("a connection failed: {}", detail));
    }

    echoes& owner_;
    std::shared_ptr<net::channel> channel_;
    bool met_{};
};

class echoes final : public group {
public:
    echoes(boost::asio::io_context& io, const prober::target& server, const options& wanted,
           std::size_t size)
        : io_{io}, server_{server}, wanted_{wanted}, size_{size}
    {
        connections_.reserve(size);
    }

    void open(std::function<void()> opened) override
    {
        opened_ = std::move(opened);
        open_more();
    }
    void probe(std::size_t index) override { connections_.at(index)->speak(); }

    void met()
    {
        if (++met_ == size_)
            return std::exchange(opened_, {})();
        open_more();
    }
    void answer() { ++answered_; }

private:
    void open_more()
    {
        while (connections_.size() < size_ && connections_.size() - met_ < opening_max) {
            connections_.push_back(std::make_unique<echo>(*this));
            net::channel::client_options how{.kind = wanted_.kind,
                                             .host = server_.host,
                                             .context = server_.context,
                                             .whom = &server_.whom,
                                             .from = server_.from};
            connections_.back()->open(io_, wanted_.server, std::move(how));
        }
    }

    boost::asio::io_context& io_;
    const prober::target& server_;
    const options& wanted_;
    std::size_t size_;
    std::vector<std::unique_ptr<echo>> connections_;
    std::size_t met_{};
    std::function<void()> opened_;
};

void echo::on_open()
{
    speak();
}

// The first echo shows that the server has taken the connection up.
void echo::on_frame(const wire::frame&)
{
    if (std::exchange(met_, true))
        owner_.answer();
    else
        owner_.met();
}

}  // namespace

std::unique_ptr<group> make_echoes(boost::asio::io_context& io, const prober::target& server,
                                   const options& wanted, std::size_t size)
{
    return std::make_unique<echoes>(io, server, wanted, size);
}

}  // namespace deadair::load
