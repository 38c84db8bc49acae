#include "prober/task.hpp"

#include <chrono>
#include <utility>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr auto draw_interval = 100ms;

}  // namespace

void task::start()
{
    begin();
    draw_on();
}

void task::draw_on()
{
    if (!runs())
        return;
    draw();
    draw_timer_.expires_after(draw_interval);
    draw_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            draw_on();
    });
}

void task::interrupt()
{
    if (life_ == life::runs) {
        how_.interrupted = true;
        return wind_up();
    }
    if (life_ == life::ends && hangs()) {
        how_.interrupted = true;
        how_.gave_up = true;
        over();
    }
}

void task::abandon()
{
    when_over_ = nullptr;
    if (runs())
        halt();
    draw_timer_.cancel();
    life_ = life::over;
}

void task::end(const std::function<void()>& last)
{
    if (!runs())
        return;
    life_ = life::ends;
    draw_timer_.cancel();
    halt();
    last();
}

void task::over()
{
    if (std::exchange(life_, life::over) == life::over)
        return;
    if (when_over_)
        std::exchange(when_over_, nullptr)();
}

void task::fail(const std::string& why)
{
    how_.failure = why;
    end([this] { over(); });
}

}  // namespace deadair::prober
