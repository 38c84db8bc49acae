#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace deadair::bench {

/// How late things were done, in microseconds.
struct lateness {
    double p50_us{};
    double p99_us{};
    double max_us{};
};
lateness summarise(std::vector<std::int64_t>& late_ns);

/// Calls something `count` times within `span`, at moments drawn evenly from it, by one timer.
class pacer {
public:
    /// @param seed  the moments are the same in every run.
    pacer(boost::asio::io_context& io, std::uint64_t seed) : timer_{io}, random_{seed} {}

    /// @param act   what is due; how late it was done counts once it has returned.
    /// @param done  afterwards.
    void start(std::size_t count, std::chrono::nanoseconds span, std::function<void()> act,
               std::function<void()> done);
    /// How late each was, so far; taken away.
    std::vector<std::int64_t> take() { return std::exchange(late_ns_, {}); }

private:
    using clock = std::chrono::steady_clock;
    void next();

    boost::asio::steady_timer timer_;
    std::mt19937_64 random_;
    std::vector<clock::time_point> due_;
    std::size_t position_{};
    std::vector<std::int64_t> late_ns_;
    std::function<void()> act_;
    std::function<void()> done_;
};

}  // namespace deadair::bench
