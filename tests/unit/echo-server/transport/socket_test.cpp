#include "echo-server/transport/socket.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace deadair::net {
namespace {

using namespace std::chrono_literals;

nanoseconds now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

class a_connected_socket : public testing::Test {
protected:
    a_connected_socket()
    {
        boost::asio::ip::tcp::acceptor at{io, {boost::asio::ip::address_v4::loopback(), 0}};
        here.connect(at.local_endpoint());
        at.accept(there);
    }

    void send() { boost::asio::write(here, boost::asio::buffer("probe", 5)); }

    boost::asio::io_context io;
    boost::asio::ip::tcp::socket here{io};
    boost::asio::ip::tcp::socket there{io};
};

// The kernel tells the moment by its own clock, as an age: real time has to pass, and is compared
// with nothing but what the same clock says.
TEST_F(a_connected_socket, knows_when_something_left_though_the_process_was_kept_from_running)
{
    const auto before = now();
    std::this_thread::sleep_for(300ms);  // kept from running before it sends
    const auto earliest = now();
    send();
    const auto latest = now();
    std::this_thread::sleep_for(300ms);  // and before it looks
    const auto left = left_at(here.native_handle(), before);
    constexpr auto tick = 12ms;  // of the kernel's figures, of 100 Hz at the least
    EXPECT_GE(left, earliest - tick);
    EXPECT_LE(left, latest + tick);
}

TEST_F(a_connected_socket, takes_no_earlier_word_of_the_kernel_for_what_has_not_left)
{
    send();
    std::this_thread::sleep_for(50ms);  // more than a tick of the kernel's figures
    const auto before = now();
    std::this_thread::sleep_for(20ms);  // so that now is later than before by more than one, too
    EXPECT_EQ(left_at(here.native_handle(), before), before);
}

}  // namespace
}  // namespace deadair::net
