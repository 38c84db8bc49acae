#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deadair::wire {

using buffer = std::vector<std::byte>;
using bytes = std::span<const std::byte>;

/// The bytes of a number in network byte order.
template <std::unsigned_integral T>
constexpr std::array<std::byte, sizeof(T)> big_endian(T value)
{
    std::array<std::byte, sizeof(T)> out{};
    for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(std::uint64_t{value} >> 8))
        out[i] = static_cast<std::byte>(value & 0xff);
    return out;
}

/// Appends values in network byte order.
class writer {
public:
    explicit writer(buffer& out) : out_(out) {}

    template <std::unsigned_integral T>
    writer& number(T value)
    {
        for (const auto byte : big_endian(value))
            out_.push_back(byte);
        return *this;
    }
    writer& raw(bytes value)
    {
        out_.insert(out_.end(), value.begin(), value.end());
        return *this;
    }
    /// One length byte, then at most 255 bytes of text; a longer text is cut.
    writer& text(std::string_view value)
    {
        value = value.substr(0, 255);
        number(static_cast<std::uint8_t>(value.size()));
        return raw(std::as_bytes(std::span{value.data(), value.size()}));
    }

private:
    buffer& out_;
};

/// Takes values off the front. Reading past the end yields zeros and makes `ok` false.
class reader {
public:
    explicit reader(bytes in) : in_(in) {}

    template <std::unsigned_integral T>
    T number()
    {
        std::uint64_t value = 0;
        for (const auto byte : take(sizeof(T)))
            value = (value << 8) | std::to_integer<std::uint64_t>(byte);
        return static_cast<T>(value);
    }
    template <std::size_t N>
    std::array<std::byte, N> raw()
    {
        std::array<std::byte, N> value{};
        std::ranges::copy(take(N), value.begin());
        return value;
    }
    std::string text()
    {
        const auto value = take(number<std::uint8_t>());
        return {reinterpret_cast<const char*>(value.data()), value.size()};
    }
    /// Everything was there, and nothing is left over.
    bool ok() const { return ok_ && in_.empty(); }
    std::size_t left() const { return in_.size(); }
    /// Passes over what is left: padding, or fields of a later version.
    void skip_rest() { in_ = {}; }

private:
    bytes take(std::size_t count)
    {
        if (!ok_ || count > in_.size()) {
            ok_ = false;
            return {};
        }
        const auto taken = in_.first(count);
        in_ = in_.subspan(count);
        return taken;
    }

    bytes in_;
    bool ok_{true};
};

}  // namespace deadair::wire
