#include "echo-server/turns.hpp"

#include <algorithm>
#include <ctime>

namespace deadair::echo_server {

namespace {

using namespace std::chrono_literals;

constexpr auto look_up_interval = 50ms;

std::chrono::nanoseconds processor_time()
{
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

}  // namespace

void turn_figures::add(std::chrono::nanoseconds cost)
{
    ++count;
    longest = std::max(longest, cost);
    if (cost > long_from)
        ++long_ones;
}

void run_turns(boost::asio::io_context& io, turn_figures& into,
               const std::function<void()>& look_up)
{
    auto look_up_at = std::chrono::steady_clock::now() + look_up_interval;
    auto begun = processor_time();
    while (io.run_one() != 0) {
        const auto ended = processor_time();
        into.add(ended - begun);
        begun = ended;
        if (const auto now = std::chrono::steady_clock::now(); now >= look_up_at) {
            look_up_at = now + look_up_interval;
            look_up();
        }
    }
}

}  // namespace deadair::echo_server
