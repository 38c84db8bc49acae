// A session of many connections on a deadair server.
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "echo-server/wire/limits.hpp"
#include "prober/session/connection.hpp"
#include "prober/session/control.hpp"
#include "tests/bench/load/group.hpp"

namespace deadair::load {

namespace {

class session final : public group,
                      public prober::control_events,
                      public prober::connection_events {
public:
    session(boost::asio::io_context& io, const prober::target& server, const options& wanted,
            std::size_t size)
        : io_{io},
          server_{server},
          on_{.family = address_family::ipv4,
              .server_port = wanted.server.port(),
              .kind = wanted.kind},
          size_{size},
          control_{io,
                   server,
                   {.endpoint = wanted.server, .kind = transport::tls, .token = wanted.token},
                   clock_,
                   *this}
    {
        connections_.reserve(size);
    }

    void open(std::function<void()> opened) override
    {
        opened_ = std::move(opened);
        control_.start();
    }

    void probe(std::size_t index) override
    {
        const auto number = static_cast<std::uint32_t>(index);
        asked_.push_back(clock_.now());
        if (index % 2 == 0)
            control_.speak(++last_probe_, number);
        else
            connections_.at(index)->speak(++last_probe_);
    }

private:
    void on_control_up(const wire::welcome&, bool) override { open_more(); }
    void on_control_down(const std::string& why) override { fail("the control connection", why); }
    void on_control_heard() override {}
    void on_control_failed(const std::string& why) override { fail("the control connection", why); }
    void on_tickets(const wire::tickets& said) override
    {
        tickets_ = said.values;
        open_more();
    }
    void on_spoke(const wire::spoke&) override {}
    void on_received(const wire::received& said) override { answer(said.probe); }
    void on_far_end(const wire::ended& said) override
    {
        fail(fmt::format("connection {}", said.connection), "the server saw it end");
    }
    void on_far_state(const wire::state&) override {}
    void on_joined(prober::connection&) override
    {
        ++joined_;
        if (joined_ == size_)
            return std::exchange(opened_, {})();
        open_more();
    }
    void on_heard(prober::connection&, std::uint32_t probe) override { answer(probe); }
    void on_gone(prober::connection& here, wire::end_cause, const std::string& why) override
    {
        fail(fmt::format("connection {}", here.number()), why);
    }

    void answer(std::uint32_t probe)
    {
        ++answered_;
        answer_times_ns_.push_back((clock_.now() - asked_.at(probe - 1)).count());
    }

    void open_more()
    {
        while (connections_.size() < size_ && connections_.size() - joined_ < opening_max) {
            if (tickets_.empty()) {
                if (connections_.size() == joined_)
                    ask_for_tickets();
                return;
            }
            const auto number = static_cast<std::uint32_t>(connections_.size());
            connections_.push_back(
                std::make_unique<prober::connection>(number, on_, clock_, *this));
            connections_.back()->open(io_, server_, tickets_.back());
            tickets_.pop_back();
        }
    }

    void ask_for_tickets()
    {
        const auto missing = std::min<std::size_t>(size_ - connections_.size(), wire::tickets_max);
        control_.request_tickets(static_cast<std::uint16_t>(missing));
    }

    [[noreturn]] static void fail(const std::string& what, const std::string& why)
    {
        throw std::runtime_error(fmt::format("{} failed: {}", what, why));
    }

    boost::asio::io_context& io_;
    const prober::target& server_;
    path on_;
    std::size_t size_;
    prober::run_clock clock_;
    prober::control control_;
    std::vector<wire::ticket> tickets_;
    std::vector<std::unique_ptr<prober::connection>> connections_;
    std::size_t joined_{};
    std::uint32_t last_probe_{};
    std::vector<nanoseconds> asked_;  // by probe
    std::function<void()> opened_;
};

}  // namespace

std::unique_ptr<group> make_session(boost::asio::io_context& io, const prober::target& server,
                                    const options& wanted, std::size_t size)
{
    return std::make_unique<session>(io, server, wanted, size);
}

}  // namespace deadair::load
