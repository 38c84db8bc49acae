// A token holder's session: whatever is sent on a control connection, and on a probe connection
// that has joined, by somebody who knows the token. The first byte says which of the two.
#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/house.hpp"
#include "tests/fuzz/mutator/frame_mutator.hpp"

namespace {

using namespace deadair;
using line = boost::asio::ip::tcp::socket;

void say(line& to, wire::bytes what)
{
    boost::system::error_code over;  // the server may have had enough
    boost::asio::write(to, boost::asio::buffer(what.data(), what.size()), over);
}

// The body of the next frame; the house works meanwhile.
wire::buffer hear(fuzz::house& in, line& from)
{
    wire::buffer head(wire::header_size);
    wire::buffer body;
    bool done = false;
    boost::asio::async_read(
        from, boost::asio::buffer(head), [&](const boost::system::error_code& error, std::size_t) {
            fuzz::must(!error);
            body.resize(wire::body_size(head));
            boost::asio::async_read(from, boost::asio::buffer(body),
                                    [&](const boost::system::error_code& end, std::size_t) {
                                        fuzz::must(!end);
                                        done = true;
                                    });
        });
    while (!done)
        in.io.run_one();
    return body;
}

void log_in(fuzz::house& in, line& control)
{
    say(control, wire::encode(wire::hello{.client_nonce = {}, .resume = {}, .unbound = true}));
    wire::exchange said;
    said.server_nonce = wire::decode<wire::challenge>(hear(in, control))->server_nonce;
    say(control, wire::encode(wire::proof{wire::prove_client(in.token.secret, said)}));
    fuzz::must(wire::decode<wire::welcome>(hear(in, control)).has_value());
}

void join(fuzz::house& in, line& control, line& member)
{
    say(control, wire::encode(wire::ticket_request{1}));
    const auto given = wire::decode<wire::tickets>(hear(in, control));
    say(member, wire::encode(wire::join{.admission = given->values.at(0), .connection = 0}));
    fuzz::must(wire::decode<wire::joined>(hear(in, member)).has_value());
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed)
{
    if (size < 2 || most < 2)
        return fuzz::mutate_frames(data, size, most, seed);
    if (seed % 16 == 0)
        data[0] ^= 1;
    return 1 + fuzz::mutate_frames(data + 1, size - 1, most - 1, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::house here;
    if (size < 2 || size > 4 * wire::body_max)
        return 0;
    line control{here.io};
    line member{here.io};
    if (!here.open(control) || !here.open(member))
        return 0;
    log_in(here, control);
    join(here, control, member);
    say(data[0] % 2 == 0 ? control : member, fuzz::bytes_of(data + 1, size - 1));
    control.shutdown(line::shutdown_send);
    member.shutdown(line::shutdown_send);
    while (here.server->connections() > 0)
        here.io.run_one();
    here.end_sessions();
    return 0;
}
