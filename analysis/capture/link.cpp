#include "analysis/capture/link.hpp"

#include <algorithm>
#include <array>

#include "analysis/capture/bytes.hpp"

namespace deadair::capture {

namespace {

constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86dd;
// IEEE 802.1Q, 802.1ad, and what was used before that.
constexpr std::array<std::uint16_t, 3> type_vlan{0x8100, 0x88a8, 0x9100};
constexpr int vlan_tags_max = 8;
constexpr std::uint8_t protocol_tcp = 6;

// What IPv6 may put before TCP (RFC 8200, section 4): hop-by-hop, routing, destination options.
constexpr std::array<std::uint8_t, 3> extensions{0, 43, 60};
constexpr std::uint8_t fragment_extension = 44;
constexpr int extensions_max = 8;

// What follows the link's header, and what the header says that it is; 0: it does not say.
struct inside {
    reader rest;
    std::uint16_t type{};
};

std::optional<inside> open_link(link begins, reader from)
{
    switch (begins) {
        case link::ethernet:
            from.skip(12);
            break;
        case link::linux_cooked:
            from.skip(14);
            break;
        case link::linux_cooked_2: {
            const auto type = from.u16();
            from.skip(18);
            return inside{from, type};
        }
        case link::loopback:
            from.skip(4);
            return inside{from, 0};
        case link::raw_ip:
            return inside{from, 0};
    }
    const auto type = from.u16();
    return inside{from, type};
}

void skip_vlan_tags(inside& packet)
{
    for (int i = 0;
         i < vlan_tags_max && std::ranges::find(type_vlan, packet.type) != type_vlan.end(); ++i) {
        packet.rest.skip(2);
        packet.type = packet.rest.u16();
    }
}

struct datagram {
    segment known;
    reader tcp;
    std::size_t length{};  // of the TCP segment, header and all
};

std::optional<datagram> open_ipv4(reader from, std::size_t captured)
{
    datagram found;
    const std::size_t header = std::size_t{from.u8() & 15U} * 4;
    from.skip(1);
    const std::size_t total = from.u16();
    from.skip(2);
    const auto fragment = from.u16();
    found.known.ttl = from.u8();
    const auto protocol = from.u8();
    from.skip(2);
    for (auto* end : {&found.known.from, &found.known.to})
        from.copy(std::span{end->address}.first(4));
    if (header < 20 || protocol != protocol_tcp || (fragment & 0x1fffU) != 0 || !from.good())
        return std::nullopt;
    from.skip(header - 20);
    // Segmentation offload leaves the length 0: then it is what was captured.
    const auto length = total == 0 ? captured : total;
    if (length < header)
        return std::nullopt;
    found.length = length - header;
    found.tcp = from;
    return found;
}

// Passes over one extension. @return its size; nullopt if TCP cannot follow
std::optional<std::size_t> skip_extension(reader& from, std::uint8_t& next)
{
    const bool fragment = next == fragment_extension;
    if (!fragment && std::ranges::find(extensions, next) == extensions.end())
        return std::nullopt;
    next = from.u8();
    if (!fragment) {
        const std::size_t size = (std::size_t{from.u8()} + 1) * 8;
        from.skip(size - 2);
        return size;
    }
    from.skip(1);
    const bool first = (from.u16() & 0xfff8U) == 0;
    from.skip(4);
    return first ? std::optional<std::size_t>{8} : std::nullopt;
}

std::optional<datagram> open_ipv6(reader from, std::size_t captured)
{
    datagram found;
    from.skip(4);
    const std::size_t payload = from.u16();
    auto next = from.u8();
    found.known.ttl = from.u8();
    for (auto* end : {&found.known.from, &found.known.to}) {
        end->family = address_family::ipv6;
        from.copy(end->address);
    }
    std::size_t length = payload == 0 && captured >= 40 ? captured - 40 : payload;
    for (int i = 0; i < extensions_max && next != protocol_tcp; ++i) {
        const auto size = skip_extension(from, next);
        if (!size || *size > length)
            return std::nullopt;
        length -= *size;
    }
    if (next != protocol_tcp || !from.good())
        return std::nullopt;
    found.length = length;
    found.tcp = from;
    return found;
}

std::optional<segment> open_tcp(datagram in)
{
    auto& from = in.tcp;
    auto made = in.known;
    made.from.port = from.u16();
    made.to.port = from.u16();
    made.sequence = from.u32();
    made.acknowledged = from.u32();
    const std::size_t header = static_cast<std::size_t>(from.u8() >> 4U) * 4;
    const auto flags = from.u8();
    made.window = from.u16();
    if (!from.good() || header < 20 || header > in.length)
        return std::nullopt;
    made.flags = {.fin = (flags & 1U) != 0,
                  .syn = (flags & 2U) != 0,
                  .reset = (flags & 4U) != 0,
                  .acknowledges = (flags & 16U) != 0};
    made.payload = static_cast<std::uint32_t>(in.length - header);
    from.skip(header - 16);
    from.copy_some(std::span{made.first}.first(std::min<std::size_t>(made.payload, 4)));
    return made;
}

}  // namespace

std::optional<segment> read_segment(link begins, std::span<const std::uint8_t> captured,
                                    nanoseconds at)
{
    auto packet = open_link(begins, reader{captured});
    if (!packet)
        return std::nullopt;
    skip_vlan_tags(*packet);
    const auto left = packet->rest.left();
    if (left == 0)
        return std::nullopt;
    const auto version = packet->rest.peek() >> 4U;
    const bool says_ip =
        packet->type == 0 || packet->type == type_ipv4 || packet->type == type_ipv6;
    std::optional<datagram> found;
    if (says_ip && version == 4)
        found = open_ipv4(packet->rest, left);
    else if (says_ip && version == 6)
        found = open_ipv6(packet->rest, left);
    if (!found)
        return std::nullopt;
    auto made = open_tcp(*found);
    if (made)
        made->at = at;
    return made;
}

}  // namespace deadair::capture
