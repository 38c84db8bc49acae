// A stranger at the echo server's door: whatever is sent on a new connection, hello and upgrade
// included.
#include <array>
#include <boost/asio/write.hpp>
#include <functional>

#include "echo-server/wire/first_bytes.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/house.hpp"
#include "tests/fuzz/mutator/frame_mutator.hpp"

using namespace deadair;

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed)
{
    // Frames are one of the three things that are spoken at the door.
    return seed % 3 == 0 ? fuzz::mutate_frames(data, size, most, seed / 3)
                         : LLVMFuzzerMutate(data, size, most);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::house here;
    if (size == 0 || size > 4 * wire::upgrade_max)
        return 0;
    boost::asio::ip::tcp::socket stranger{here.io};
    if (!here.open(stranger))
        return 0;
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
