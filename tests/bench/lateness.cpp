#include "tests/bench/lateness.hpp"

#include <algorithm>

namespace deadair::bench {

lateness summarise(std::vector<std::int64_t>& late_ns)
{
    if (late_ns.empty())
        return {};
    std::ranges::sort(late_ns);
    const auto at = [&](double share) {
        const auto last = static_cast<double>(late_ns.size() - 1);
        return static_cast<double>(late_ns.at(static_cast<std::size_t>(share * last))) / 1e3;
    };
    return {.p50_us = at(0.5), .p99_us = at(0.99), .max_us = at(1)};
}

void pacer::start(std::size_t count, std::chrono::nanoseconds span, std::function<void()> act,
                  std::function<void()> done)
{
    act_ = std::move(act);
    done_ = std::move(done);
    position_ = 0;
    due_.clear();
    std::uniform_int_distribution<std::int64_t> moment{0, span.count()};
    const auto begin = clock::now();
    for (std::size_t i = 0; i < count; ++i)
        due_.push_back(begin + std::chrono::nanoseconds{moment(random_)});
    std::ranges::sort(due_);
    next();
}

void pacer::next()
{
    if (position_ == due_.size())
        return std::exchange(done_, {})();
    timer_.expires_at(due_[position_]);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        while (position_ < due_.size() && due_[position_] <= clock::now()) {
            act_();
            late_ns_.push_back((clock::now() - due_[position_]).count());
            ++position_;
        }
        next();
    });
}

}  // namespace deadair::bench
