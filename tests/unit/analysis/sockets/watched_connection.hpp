#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "analysis/sockets/history.hpp"
#include "tests/unit/analysis/sockets/kernel_socket.hpp"

namespace deadair::sockets {

using namespace std::chrono_literals;

// A connection that is looked at every second; what it does in between stands in the test.
class a_connection_of_this_host : public testing::Test {
protected:
    void look() { history_.on(socket_.look(), elsewhere_heard_); }
    // Nothing happens until the next looks.
    void silence(nanoseconds so_long)
    {
        for (const auto end = socket_.now() + so_long; socket_.now() < end;) {
            socket_.wait(std::min<nanoseconds>(1s, end - socket_.now()));
            look();
        }
    }
    void hello()
    {
        socket_.send();
        socket_.be_acknowledged();
        look();
    }
    // 0.2 s, 0.4 s, …: as often as it takes.
    void send_again_and_again(int times)
    {
        nanoseconds next = 200ms;
        for (int i = 0; i < times; ++i, next *= 2) {
            silence(next);
            socket_.send_again();
        }
        silence(1s);
    }
    // The kernel gave up, and the program closed the socket.
    void end() { history_.end(socket_.look(), socket_.now(), elsewhere_heard_); }
    ended_silence only_one()
    {
        const auto all = history_.take();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? ended_silence{} : all.front();
    }

    kernel_socket socket_;
    std::optional<nanoseconds> elsewhere_heard_;
    history history_{socket_.look(), {}, false};
};

}  // namespace deadair::sockets
