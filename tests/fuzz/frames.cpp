// A stream of frames and their bodies, as a peer may send them.
#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/messages.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/mutator/frame_mutator.hpp"

namespace {

using namespace deadair;

// A message that was read says the same again once written: several forms of a flag are one.
template <class... Message>
void decode_as(const wire::frame& seen)
{
    const auto try_one = [&]<class One>(const One*) {
        if (seen.type != One::type)
            return;
        const auto read = wire::decode<One>(seen.body);
        if (!read)
            return;
        const auto written = wire::encode(*read);
        const auto again = wire::decode_frame(written, wire::body_max);
        fuzz::must(again.error == wire::frame_error::none && again.value.type == One::type);
        const auto read_again = wire::decode<One>(again.value.body);
        fuzz::must(read_again && wire::encode(*read_again) == written);
    };
    (try_one(static_cast<const Message*>(nullptr)), ...);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed)
{
    return fuzz::mutate_frames(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto input = fuzz::bytes_of(data, size);
    while (true) {
        const auto next = wire::decode_frame(input, wire::body_max);
        if (next.error != wire::frame_error::none)
            return 0;
        fuzz::must(next.consumed >= wire::header_size && next.consumed <= input.size());
        decode_as<wire::hello, wire::challenge, wire::proof, wire::welcome, wire::refused,
                  wire::ticket_request, wire::tickets, wire::speak, wire::spoke, wire::received,
                  wire::heartbeat, wire::heartbeat_echo, wire::ended, wire::query, wire::state,
                  wire::join, wire::joined, wire::probe, wire::upload, wire::download,
                  wire::transferred, wire::refresh_request, wire::refresh_within, wire::abilities,
                  wire::filler>(next.value);
        input = input.subspan(next.consumed);
    }
}
