#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace deadair::observation {

/// Counts what the far end reported and cannot be. It is said the first time and then ever more
/// rarely, so that lies fill no disk; too much of it, and the control connection is not trusted.
class disbelief {
public:
    /// An honest server has none.
    static constexpr std::uint64_t tolerated = 1000;

    /// @return what is to be said of it, if anything
    std::optional<std::string> add(const std::string& what);
    std::uint64_t count() const { return count_; }
    /// More than `tolerated` since the last time that it was.
    bool take_too_much();

private:
    std::uint64_t count_{};
    std::uint64_t say_at_{1};
    std::uint64_t tolerated_until_{tolerated};
};

}  // namespace deadair::observation
