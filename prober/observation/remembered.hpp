#pragma once

#include <cstdint>
#include <deque>
#include <set>

namespace deadair::observation {

/// The last numbers that something had: what the far end says of them later is stale, not false.
class remembered {
public:
    /// As many reports as a server keeps for a control connection that is away.
    static constexpr std::size_t most = 4096;

    void add(std::uint32_t number)
    {
        if (!numbers_.insert(number).second)
            return;
        order_.push_back(number);
        if (order_.size() > most) {
            numbers_.erase(order_.front());
            order_.pop_front();
        }
    }
    bool has(std::uint32_t number) const { return numbers_.contains(number); }

private:
    std::set<std::uint32_t> numbers_;
    std::deque<std::uint32_t> order_;
};

}  // namespace deadair::observation
