#include "echo-server/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace deadair::echo_server {

namespace {

sigset_t set_of(std::initializer_list<int> which)
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int each : which)
        ::sigaddset(&set, each);
    return set;
}

int open_source(std::initializer_list<int> which)
{
    hold_back(which);
    const auto set = set_of(which);
    const int source = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (source < 0)
        throw std::system_error(errno, std::generic_category(), "cannot wait for signals");
    return source;
}

}  // namespace

signals::signals(boost::asio::io_context& io, std::initializer_list<int> which,
                 std::function<void(int)> on_signal)
    : source_{io, open_source(which)}, on_signal_{std::move(on_signal)}
{
    wait();
}

void signals::heed()
{
    signalfd_siginfo seen{};
    while (source_.is_open() && ::read(source_.native_handle(), &seen, sizeof seen) == sizeof seen)
        on_signal_(static_cast<int>(seen.ssi_signo));
}

void signals::wait()
{
    source_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                           if (error)
                               return;
                           heed();
                           if (source_.is_open())
                               wait();
                       });
}

void hold_back(std::initializer_list<int> which)
{
    const auto set = set_of(which);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace deadair::echo_server
