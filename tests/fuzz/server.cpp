// A stranger at the echo server's door: whatever is sent on a new connection, hello and upgrade
// included.
#include "echo-server/server.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/write.hpp>
#include <functional>

#include "echo-server/identity.hpp"
#include "echo-server/wire/first_bytes.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace deadair;
using boost::asio::ip::make_address;

struct house {
    house()
    {
        std::string pattern = "/tmp/deadair-fuzz-XXXXXX";
        const std::filesystem::path folder = mkdtemp(pattern.data());
        const auto own = echo_server::load_or_make_identity(folder);
        std::filesystem::remove_all(folder);
        server.emplace(io, net::make_server_context(own.certificate.get(), own.key.get()),
                       std::vector{wire::token{"fuzz", *wire::parse_secret(std::string(64, '7'))}},
                       echo_server::server_limits{}, log);
        at = server->listen({make_address("127.0.0.1"), 0});
    }

    boost::asio::io_context io{1};
    echo_server::log log{echo_server::log_level::error};
    std::optional<echo_server::server> server;
    net::tcp::endpoint at;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static house here;
    if (size == 0 || size > 4 * wire::upgrade_max)
        return 0;
    boost::asio::ip::tcp::socket stranger{here.io};
    boost::system::error_code interrupted;  // by the fuzzer's own timer
    stranger.connect(here.at, interrupted);
    if (interrupted)
        return 0;
    // A reset at the end: thousands of connections in TIME_WAIT would use up the ports.
    stranger.set_option(boost::asio::socket_base::linger{true, 0});
    boost::asio::write(stranger, boost::asio::buffer(data, size));
    stranger.shutdown(boost::asio::ip::tcp::socket::shutdown_send);
    std::size_t answered = 0;
    std::array<char, 4096> answer{};
    bool over = false;
    const std::function<void()> read = [&] {
        stranger.async_read_some(boost::asio::buffer(answer),
                                 [&](const boost::system::error_code& error, std::size_t count) {
                                     answered += count;
                                     over = static_cast<bool>(error);
                                     if (!over)
                                         read();
                                 });
    };
    read();
    while (!over)
        here.io.run_one();
    while (here.server->connections() > 0)
        here.io.run_one();
    fuzz::must(here.server->sessions() == 0);
    // A TLS server must show its certificate; all else is answered with less than was asked.
    const auto opening = wire::opening_of(static_cast<std::byte>(data[0]));
    if (opening != wire::opening::tls && opening != wire::opening::http)
        fuzz::must(answered <= size);
    return 0;
}
