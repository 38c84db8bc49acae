#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <functional>
#include <initializer_list>

namespace deadair::echo_server {

/// Signals as events of the loop (signalfd(2)). They are heeded when the loop comes to them, or
/// sooner, however busy it is, when `heed` is called.
class signals {
public:
    /// From now on these are held back from the process.
    /// @throws std::system_error if the system has no descriptor left.
    signals(boost::asio::io_context& io, std::initializer_list<int> which,
            std::function<void(int)> on_signal);

    /// Tells of those that have come.
    void heed();
    void stop() { source_.close(); }

private:
    void wait();

    boost::asio::posix::stream_descriptor source_;
    std::function<void(int)> on_signal_;
};

/// Holds these back until somebody asks for them.
void hold_back(std::initializer_list<int> which);

}  // namespace deadair::echo_server
