#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "prober/show/progress.hpp"

namespace deadair::prober {

/// How a verification goes.
struct verification_progress final : shown {
    nanoseconds elapsed{};
    nanoseconds expected_end{};
    std::uint32_t open{};
    std::uint32_t delivered{};
    std::uint32_t missed{};
    std::uint32_t voided{};
    std::uint32_t unprotected_died{};
    bool outage{};

    nanoseconds at() const override { return elapsed; }
    std::vector<std::string> live_lines(std::size_t width) const override;
    std::string plain_line() const override;
    std::string json_line() const override;
};

}  // namespace deadair::prober
