// A session of many connections on a deadair server.
#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "prober/observation/opening.hpp"
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
          size_{static_cast<std::uint32_t>(size)},
          timer_{io},
          control_{io,
                   server,
                   {.endpoint = wanted.server, .kind = transport::tls, .token = wanted.token},
                   clock_,
                   *this},
          connections_(size)
    {
    }

    void open(std::function<void()> opened) override
    {
        opened_ = std::move(opened);
        for (std::uint32_t number = 0; number < size_; ++number)
            opening_.want(number);
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
    void on_control_up(const wire::welcome&, bool resumed) override
    {
        opening_.on(observation::opening::control_up{resumed});
        drive();
    }
    void on_control_down(const std::string& why) override { fail("the control connection", why); }
    void on_control_heard() override { opening_.on(observation::opening::control_heard{}); }
    void on_control_failed(const std::string& why) override { fail("the control connection", why); }
    void on_tickets(const wire::tickets& said) override
    {
        opening_.on(observation::opening::tickets{said.values}, clock_.now());
        drive();
    }
    void on_spoke(const wire::spoke&) override {}
    void on_received(const wire::received& said) override { answer(said.probe); }
    void on_far_end(const wire::ended& said) override
    {
        fail(fmt::format("connection {}", said.connection), "the server saw it end");
    }
    void on_far_state(const wire::state&) override {}
    void on_joined(prober::connection& here) override
    {
        opening_.on(observation::opening::joined{here.number()});
        drive();
        if (opening_.waiting() == 0 && opening_.under_way() == 0)
            std::exchange(opened_, {})();
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

    void drive()
    {
        for (const auto& todo : opening_.act(clock_.now()))
            std::visit([this](const auto& what) { carry_out(what); }, todo);
        const auto wake = opening_.wake_at();
        if (!wake)
            return void(timer_.cancel());
        timer_.expires_at(clock_.at(*wake));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error)
                drive();
        });
    }

    void carry_out(const observation::opening::ask_for_tickets& todo)
    {
        control_.request_tickets(todo.count);
    }
    void carry_out(const observation::opening::connect& todo)
    {
        auto& here = connections_.at(todo.number);
        here = std::make_unique<prober::connection>(todo.number, on_, clock_, *this);
        here->open(io_, server_, todo.admission);
    }
    void carry_out(const observation::opening::give_up& todo)
    {
        fail(fmt::format("connection {}", todo.number), todo.why);
    }
    void carry_out(const observation::opening::end& todo) { fail("the server", todo.why); }

    [[noreturn]] static void fail(const std::string& what, const std::string& why)
    {
        throw std::runtime_error(fmt::format("{} failed: {}", what, why));
    }

    boost::asio::io_context& io_;
    const prober::target& server_;
    path on_;
    std::uint32_t size_;
    boost::asio::steady_timer timer_;
    prober::run_clock clock_;
    prober::control control_;
    observation::opening opening_{{.under_way_max = opening_max}};
    std::vector<std::unique_ptr<prober::connection>> connections_;
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
