// The settings over the idle timeout, held against a table that was worked out apart from this
// code.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "analysis/recommend/formulas.hpp"
#include "analysis/recommend/writes.hpp"

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;

constexpr std::array losses{0.0, 0.001, 0.01, 0.05};

/// All in whole seconds, rounded down; one value for each of `losses`. Round trip 100 ms.
struct row {
    int timeout;
    int idle, interval;
    std::array<int, 4> count, detection, keepalive_max, reuse_max;
    std::array<int, 2> reuse_max_rfc;  ///< at 1 % and 5 %, RTO of 1 s; 0: never reuse
};

const std::vector<row> published{
    {60, 30, 2, {15, 15, 15, 15}, {60, 60, 60, 60}, {48, 48, 48, 44}, {58, 58, 54, 40}, {43, 0}},
    {240,
     120,
     5,
     {6, 6, 6, 9},
     {150, 150, 150, 165},
     {228, 228, 218, 208},
     {238, 238, 234, 220},
     {223, 175}},
    {350,
     175,
     5,
     {6, 6, 6, 9},
     {205, 205, 205, 220},
     {338, 338, 328, 318},
     {348, 348, 344, 330},
     {333, 285}},
    {900,
     450,
     5,
     {6, 6, 6, 9},
     {480, 480, 480, 495},
     {888, 888, 883, 868},
     {898, 898, 894, 880},
     {883, 835}},
    {3600,
     1800,
     5,
     {6, 6, 6, 8},
     {1830, 1830, 1830, 1840},
     {3588, 3588, 3583, 3573},
     {3598, 3598, 3594, 3580},
     {3583, 3535}}};

int whole(nanoseconds value)
{
    return std::max(0, static_cast<int>(std::floor(to_seconds(value))));
}

row worked_out(int timeout)
{
    const nanoseconds safe = std::chrono::seconds{timeout};
    row found{};
    found.timeout = timeout;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const conditions path{.round_trip = 100ms, .packet_loss = losses[i]};
        const auto keepalive = tcp_keepalive(safe, path);
        found.idle = whole(keepalive.idle);
        found.interval = whole(keepalive.interval);
        found.count[i] = static_cast<int>(keepalive.count);
        found.detection[i] = whole(keepalive.detection);
        found.keepalive_max[i] = whole(tcp_keepalive_max(safe, path));
        found.reuse_max[i] = whole(reuse_max(safe, path));
    }
    for (std::size_t i = 0; i < 2; ++i) {
        // A round trip that varies so much has an RTO of 1 s, what RFC 6298 starts from.
        const conditions path{
            .round_trip = 100ms, .round_trip_variation = 225ms, .packet_loss = losses.at(i + 2)};
        EXPECT_EQ(retransmission_timeout(path), 1s);
        found.reuse_max_rfc[i] = whole(reuse_max(safe, path));
    }
    return found;
}

template <std::size_t N>
std::string joined(const std::array<int, N>& values)
{
    return fmt::format("{}", fmt::join(values, "/"));
}

std::string text(const row& one)
{
    return fmt::format("{:>5} {:>5} {:>2} {:<12} {:<20} {:<20} {:<20} {}", one.timeout, one.idle,
                       one.interval, joined(one.count), joined(one.detection),
                       joined(one.keepalive_max), joined(one.reuse_max), joined(one.reuse_max_rfc));
}

TEST(settings_table, is_the_published_one)
{
    fmt::print("T, I, J, n, D, I_max and reconnect in s; loss 0/0.1/1/5 %; last: RTO 1 s, 1/5 %\n");
    for (const auto& expected : published) {
        const auto found = text(worked_out(expected.timeout));
        fmt::print("{}\n", found);
        EXPECT_EQ(found, text(expected));
    }
}

struct stall_row {
    nanoseconds round_trip;
    std::array<double, 4> seconds;  ///< for each of `losses`, published to the second
};

TEST(settings_table, of_a_write_that_makes_no_progress_is_the_published_one)
{
    const std::array<stall_row, 3> stalls{
        {{20ms, {11, 11, 15, 226}}, {100ms, {11, 11, 20, 274}}, {300ms, {11, 11, 33, 369}}}};
    for (const auto& each : stalls)
        for (std::size_t i = 0; i < losses.size(); ++i) {
            const conditions path{.round_trip = each.round_trip, .packet_loss = losses.at(i)};
            EXPECT_NEAR(to_seconds(write_stall_max(path)), each.seconds.at(i), 0.7)
                << to_seconds(each.round_trip) << " s, loss " << losses.at(i);
        }
}

}  // namespace
}  // namespace deadair::recommend
