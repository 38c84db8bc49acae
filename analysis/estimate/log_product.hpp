#pragma once

#include <cmath>

namespace deadair::estimate {

/// The logarithm of a product of many chances, with few logarithms taken. Pure.
class log_product {
public:
    /// @param chance  over 0, up to 1
    void times(double chance)
    {
        product_ *= chance;
        if (product_ < small) {
            sum_ += std::log(product_);
            product_ = 1;
        }
    }
    double value() const { return sum_ + std::log(product_); }
    /// Surely below that logarithm, whatever else is multiplied. Cheap, so not at once.
    bool is_below(double logarithm) const { return sum_ < logarithm; }

private:
    static constexpr double small = 1e-8;

    double sum_{};
    double product_{1};
};

}  // namespace deadair::estimate
