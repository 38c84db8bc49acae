// A stream of frames and their bodies, as a peer may send them. Most bytes at random are no frame:
// the mutator knows what stands where, and changes fields, order and number of whole frames.
#include <algorithm>
#include <vector>

#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/messages.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/lying/forge.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

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

std::vector<wire::buffer> frames_of(wire::bytes input)
{
    std::vector<wire::buffer> all;
    while (true) {
        const auto next = wire::decode_frame(input, wire::body_max);
        if (next.error != wire::frame_error::none)
            return all;
        const auto whole = input.first(next.consumed);
        all.emplace_back(whole.begin(), whole.end());
        input = input.subspan(next.consumed);
    }
}

wire::buffer any_frame(lying::chance& by)
{
    const auto& of = lying::layouts()[by() % lying::layouts().size()];
    return wire::encode_frame(of.type, wire::buffer(of.size));
}

void change(wire::buffer& frame, lying::chance& by)
{
    const auto type = static_cast<wire::frame_type>(frame[3]);
    if (const auto* of = lying::layout_of(type); of != nullptr)
        lying::falsify(std::span{frame}.subspan(wire::header_size), *of, {}, by);
}

void change(std::vector<wire::buffer>& frames, lying::chance& by)
{
    if (frames.empty() || by() % 4 == 0)
        frames.push_back(any_frame(by));
    const auto which = by() % frames.size();
    switch (by() % 5) {
        case 0:
            frames.push_back(frames[which]);
            break;
        case 1:
            frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(which));
            break;
        case 2:
            std::swap(frames[which], frames.back());
            break;
        default:
            change(frames[which], by);
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed)
{
    lying::chance by{seed};
    auto frames = frames_of(fuzz::bytes_of(data, size));
    // Bytes of no order are tried as well.
    if (by() % 3 == 0)
        return LLVMFuzzerMutate(data, size, size_max);
    change(frames, by);
    std::size_t written = 0;
    for (const auto& each : frames)
        for (const auto byte : each)
            if (written < size_max)
                data[written++] = std::to_integer<std::uint8_t>(byte);
    return written;
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
                  wire::transferred, wire::refresh_request, wire::filler>(next.value);
        input = input.subspan(next.consumed);
    }
}
