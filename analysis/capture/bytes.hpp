#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace deadair::capture {

/// Reads network byte order from what may end anywhere: past the end all is 0, and `good` false.
class reader {
public:
    reader() = default;
    explicit reader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    bool good() const { return good_; }
    std::size_t left() const { return bytes_.size(); }
    /// The next byte, which stays; 0 at the end.
    std::uint8_t peek() const { return bytes_.empty() ? std::uint8_t{} : bytes_.front(); }

    void skip(std::size_t count) { take(count); }
    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return number(4); }
    void copy(std::span<std::uint8_t> to)
    {
        const auto from = take(to.size());
        std::ranges::copy(from, to.begin());
    }
    /// As much as there is, which is fine.
    void copy_some(std::span<std::uint8_t> to) { copy(to.first(std::min(to.size(), left()))); }

private:
    std::span<const std::uint8_t> take(std::size_t count)
    {
        good_ = good_ && count <= bytes_.size();
        const auto taken = bytes_.first(good_ ? count : 0);
        bytes_ = bytes_.subspan(taken.size());
        if (!good_)
            bytes_ = {};
        return taken;
    }
    std::uint32_t number(std::size_t size)
    {
        std::uint32_t value = 0;
        for (const auto byte : take(size))
            value = value << 8U | byte;
        return value;
    }

    std::span<const std::uint8_t> bytes_;
    bool good_{true};
};

}  // namespace deadair::capture
