#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace deadair::prober {

/// Starts what a command does and runs it to its end; Ctrl-C or SIGTERM ends it in order.
/// @param task  has start(), interrupt() and when_over()
template <class Task>
void run_until_over(boost::asio::io_context& io, Task& task)
{
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&task](const boost::system::error_code& error, int) {
        if (!error)
            task.interrupt();
    });
    task.when_over([&signals] { signals.cancel(); });
    io.restart();
    task.start();
    io.run();
}

}  // namespace deadair::prober
