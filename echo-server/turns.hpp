#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

namespace deadair::echo_server {

/// What the turns of a loop cost: while one lasts, everybody else waits.
struct turn_figures {
    static constexpr std::chrono::milliseconds long_from{5};

    std::uint64_t count{};
    std::uint64_t long_ones{};  ///< of more than `long_from`
    std::chrono::nanoseconds longest{};

    void add(std::chrono::nanoseconds cost);
};

/// Runs the loop until it is stopped or out of work, and measures each turn in the thread's
/// processor time: what other programs do does not count, but what interrupts or the host of a
/// virtual machine take from the thread does.
/// @param look_up  called now and then between two turns, however much is waiting
void run_turns(boost::asio::io_context& io, turn_figures& into,
               const std::function<void()>& look_up);

}  // namespace deadair::echo_server
