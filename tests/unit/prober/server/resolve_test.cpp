#include "prober/server/resolve.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

namespace deadair::prober {
namespace {

using boost::asio::ip::tcp;

TEST(resolve, takes_of_several_addresses_one_that_answers)
{
    boost::asio::io_context io;
    tcp::acceptor listening{io, {boost::asio::ip::make_address("127.0.0.3"), 0}};
    const auto port = listening.local_endpoint().port();
    std::vector<tcp::endpoint> all;
    for (const char* each : {"127.0.0.2", "127.0.0.3", "127.0.0.4"})
        all.emplace_back(boost::asio::ip::make_address(each), port);
    put_first_what_answers(all);
    EXPECT_EQ(all[0].address().to_string(), "127.0.0.3");
    EXPECT_EQ(all[1].address().to_string(), "127.0.0.2");
}

TEST(resolve, leaves_the_order_where_none_answers)
{
    boost::asio::io_context io;
    tcp::acceptor listening{io, {boost::asio::ip::make_address("127.0.0.3"), 0}};
    const auto port = listening.local_endpoint().port();
    listening.close();
    std::vector<tcp::endpoint> all{{boost::asio::ip::make_address("127.0.0.2"), port},
                                   {boost::asio::ip::make_address("127.0.0.3"), port}};
    const auto before = all;
    put_first_what_answers(all);
    EXPECT_EQ(all, before);
}

TEST(resolve, names_the_address_behind_a_name)
{
    server_options wanted;
    wanted.host = "echo.example";
    wanted.ports = {7443};
    EXPECT_EQ(wanted.in_words(), "echo.example:7443");
    wanted.address = "192.0.2.7";
    EXPECT_EQ(wanted.in_words(), "echo.example:7443 (192.0.2.7)");
    wanted.host = "192.0.2.7";
    EXPECT_EQ(wanted.in_words(), "192.0.2.7:7443");
}

}  // namespace
}  // namespace deadair::prober
