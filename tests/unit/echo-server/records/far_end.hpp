#pragma once

#include <algorithm>

#include "echo-server/records/aead.hpp"
#include "echo-server/records/record_layer.hpp"

namespace deadair::records {

/// The other end of a connection, which may seal what no honest one would.
class far_end {
public:
    explicit far_end(traffic outgoing) : outgoing_{std::move(outgoing)} {}

    /// A whole record. @param type  of what it carries; any number
    wire::buffer seal(std::uint8_t type, wire::bytes plain, std::size_t padding = 0)
    {
        const auto size = plain.size() + 1 + padding + tag_size;
        const header head{std::byte{23}, std::byte{3}, std::byte{3},
                          static_cast<std::byte>(size >> 8), static_cast<std::byte>(size & 0xff)};
        wire::buffer whole(header_size + size);
        std::ranges::copy(head, whole.begin());
        std::ranges::copy(plain, whole.begin() + header_size);
        whole[header_size + plain.size()] = static_cast<std::byte>(type);
        record_key with;
        outgoing_.next(with);
        records::seal(outgoing_.by(), with, head, std::span{whole}.subspan(header_size));
        return whole;
    }
    void update() { outgoing_.update(); }

private:
    traffic outgoing_;
};

/// Gives a whole record to a layer. @param record  opened in place, behind its header
inline heard give(record_layer& to, std::span<std::byte> record)
{
    header head{};
    std::copy_n(record.begin(), head.size(), head.begin());
    const auto announced = record_layer::read(head);
    return announced.what == heard::kind::failed ? announced
                                                 : to.open(head, record.subspan(header_size));
}

/// The size of the record with which these bytes begin; 0 if it is not there as a whole.
inline std::ptrdiff_t whole_record(wire::bytes held)
{
    constexpr std::array start{std::byte{23}, std::byte{3}, std::byte{3}};
    if (held.size() < header_size || !std::ranges::equal(held.first(start.size()), start))
        return 0;
    const auto size = header_size + std::to_integer<std::size_t>(held[3]) * 0x100 +
                      std::to_integer<std::size_t>(held[4]);
    return size <= held.size() ? static_cast<std::ptrdiff_t>(size) : 0;
}

}  // namespace deadair::records
