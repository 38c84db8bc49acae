#include "tests/fuzz/mutator/frame_mutator.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/messages.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace deadair::fuzz {

namespace {

using frames = std::vector<wire::buffer>;

template <class... Message>
frames one_of_each()
{
    return {wire::encode(Message{})...};
}

const frames& models()
{
    static const auto all =
        one_of_each<wire::hello, wire::challenge, wire::proof, wire::welcome, wire::refused,
                    wire::ticket_request, wire::tickets, wire::speak, wire::spoke, wire::received,
                    wire::heartbeat, wire::heartbeat_echo, wire::ended, wire::query, wire::state,
                    wire::join, wire::joined, wire::probe, wire::upload, wire::download,
                    wire::transferred, wire::refresh_request, wire::refresh_within, wire::abilities,
                    wire::filler>();
    return all;
}

// The whole frames at the front; what follows them is dropped.
frames split(wire::bytes input)
{
    frames found;
    for (auto next = wire::decode_frame(input, wire::body_max);
         next.error == wire::frame_error::none; next = wire::decode_frame(input, wire::body_max)) {
        found.emplace_back(input.begin(),
                           input.begin() + static_cast<std::ptrdiff_t>(next.consumed));
        input = input.subspan(next.consumed);
    }
    return found;
}

// Another body, of the same length or of another, with its length told as it is or not.
void mutate_body(wire::buffer& frame, std::minstd_rand& chance)
{
    auto body = wire::buffer{frame.begin() + wire::header_size, frame.end()};
    const auto before = body.size();
    body.resize(before + 64);
    body.resize(
        LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(body.data()), before, body.size()));
    if (chance() % 4 != 0)
        body.resize(before);
    const auto type = static_cast<wire::frame_type>(frame.at(3));
    frame = wire::encode_frame(type, body);
}

void mutate_one(frames& all, std::minstd_rand& chance)
{
    const auto& model = models().at(chance() % models().size());
    if (all.empty()) {
        all.push_back(model);
        return;
    }
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(chance() % all.size());
    switch (chance() % 6) {
        case 0:
            all.insert(at, model);
            break;
        case 1:
            all.erase(at);
            break;
        case 2:
            std::iter_swap(at, all.begin());
            break;
        case 3:
            all.push_back(wire::buffer{*at});
            break;
        case 4:
            *at = model;
            break;
        default:
            mutate_body(*at, chance);
    }
}

}  // namespace

std::size_t mutate_frames(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    std::minstd_rand chance{seed};
    if (chance() % 8 == 0)
        return LLVMFuzzerMutate(data, size, most);
    auto all = split(std::as_bytes(std::span{data, size}));
    for (auto times = 1 + chance() % 4; times > 0; --times)
        mutate_one(all, chance);
    std::size_t written = 0;
    for (const auto& each : all) {
        const auto part = std::min(each.size(), most - written);
        std::transform(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(part),
                       data + written,
                       [](std::byte value) { return std::to_integer<std::uint8_t>(value); });
        written += part;
    }
    return written;
}

}  // namespace deadair::fuzz
