#include "prober/dialogue/bare.hpp"

namespace deadair::dialogue {

// Application data of TLS 1.2 or 1.3, as long as the shortest cipher's nonce and tag (RFC 8446,
// section 5.2; RFC 5288, section 3), all zeros: no key fits it.
wire::buffer bare::ask()
{
    if (!secured_)
        return {};
    asked_ = true;
    constexpr std::uint16_t length = 32;
    wire::buffer made;
    wire::writer{made}.number(std::uint8_t{0x17}).number(std::uint16_t{0x0303}).number(length);
    made.resize(made.size() + length);
    return made;
}

heard bare::take(wire::bytes input)
{
    if (input.empty())
        return {};
    if (asked_)
        return {.is = meaning::answered, .consumed = input.size(), .last = true};
    return {.is = meaning::unasked, .consumed = input.size()};
}

}  // namespace deadair::dialogue
