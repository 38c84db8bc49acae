#include "analysis/recommend/writes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;

conditions measured(double loss, nanoseconds round_trip = 100ms)
{
    conditions given;
    given.writes = write_conditions{.transfers = 4,
                                    .packet_loss = loss,
                                    .round_trip = round_trip,
                                    .rto = round_trip + 200ms,
                                    .longest_stall = 300ms,
                                    .goodput_median = 2e6,
                                    .goodput_low = 1e6};
    return given;
}

TEST(writes, wait_as_long_as_the_measured_path_demands)
{
    // The published values for 10 MB at 1 % and 5 %, round trip 100 ms.
    EXPECT_NEAR(to_seconds(write_stall_max(measured(0.01))), 20, 1);
    EXPECT_NEAR(to_seconds(write_stall_max(measured(0.05))), 274, 2);
    EXPECT_NEAR(to_seconds(write_stall_max(measured(0.001))), 11.1, 0.1);
}

TEST(writes, are_aborted_falsely_once_in_a_million_and_no_more)
{
    for (const double loss : {0.001, 0.01, 0.05}) {
        const auto given = measured(loss);
        EXPECT_LE(false_abort_chance(write_stall_max(given), given), 1e-6) << loss;
    }
    EXPECT_LT(false_abort_chance(180s, measured(0.01)), 1e-9);
    EXPECT_GT(false_abort_chance(180s, measured(0.05, 300ms)), 1e-6);
    EXPECT_EQ(false_abort_chance(0s, measured(0.01)), 1);
}

TEST(writes, wait_longer_than_any_stall_that_ended_well)
{
    auto given = measured(0.001);
    given.writes->longest_stall = 20s;
    EXPECT_EQ(write_stall_max(given), 40s);
    EXPECT_NE(write_timeout_reason(40s, given).find("longest stall"), std::string::npos);
}

TEST(writes, may_have_a_deadline_in_all_when_goodput_was_measured)
{
    // 10 MB at 1 MB/s, the middle twice as fast: a factor of 3.7.
    EXPECT_EQ(total_deadline(measured(0.01)), 38s);
    EXPECT_FALSE(total_deadline({}));
}

TEST(writes, have_no_deadline_in_all_below_a_stall_and_the_transfer)
{
    auto given = measured(0.01);
    given.largest_upload_bytes = 190'000;  // 0.19 s, as in a quick lab
    EXPECT_GE(*total_deadline(given), write_stall_max(given) + 190ms);
}

TEST(writes, say_how_the_usual_timeout_compares)
{
    const auto given = measured(0.01);
    const auto text = write_timeout_reason(write_stall_max(given), given);
    for (const auto* part : {"without progress", "10 MB", "1 % loss", "180 s", "4 uploads"})
        EXPECT_NE(text.find(part), std::string::npos) << part << ": " << text;
}

TEST(writes, are_all_that_is_recommended_when_only_uploads_were_measured)
{
    const auto list = recommend({}, measured(0.01));
    for (const auto& each : list) {
        const bool about_writes = each.setting == setting_name::write_timeout ||
                                  each.setting == setting_name::retry_backoff_initial ||
                                  each.setting == setting_name::retry_backoff_max;
        EXPECT_EQ(each.value.has_value(), about_writes) << to_string(each.setting);
    }
}

}  // namespace
}  // namespace deadair::recommend
