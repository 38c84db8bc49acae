#pragma once

#include <cstdint>

namespace deadair::hold {

inline constexpr double confidence = 0.95;

/// Between which shares the true one lies.
struct share_interval {
    double low{};
    double high{};
};

/// The exact binomial interval (Clopper and Pearson, 1934) for `failed` of `tried`, at
/// `confidence`. With none failed it is one-sided: high is 1 - 0.05^(1/tried), and about 3/tried.
share_interval failure_share(std::uint64_t failed, std::uint64_t tried);

}  // namespace deadair::hold
