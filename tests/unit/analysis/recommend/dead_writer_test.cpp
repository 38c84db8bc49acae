#include "analysis/recommend/dead_writer.hpp"

#include <gtest/gtest.h>

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;

TEST(dead_writer, waits_a_quarter_of_an_hour_by_default)
{
    // Documentation/networking/ip-sysctl.rst: 15 retries are a hypothetical 924.6 s at least.
    const auto patient = kernel_gives_up_after(200ms, 15);
    EXPECT_GE(patient, 924'600ms);
    EXPECT_LE(patient, 924'600ms + 120s);
}

TEST(dead_writer, gives_up_at_a_retransmission)
{
    // Sent at 0; retransmitted at 0.2, 0.6, 1.4, 3.0, 6.2 s. Three retries last 3.0 s, which have
    // passed since the first retransmission only at 6.2 s.
    EXPECT_EQ(kernel_gives_up_after(200ms, 3), 6200ms);
}

TEST(dead_writer, is_about_as_patient_on_a_slow_path)
{
    for (const nanoseconds rto : {nanoseconds{250ms}, nanoseconds{1s}, nanoseconds{7s}}) {
        const auto patient = kernel_gives_up_after(rto, 15);
        EXPECT_GE(patient, 924'600ms + rto);
        EXPECT_LE(patient, 924'600ms + rto + 120s);
    }
}

TEST(dead_writer, gives_up_after_the_user_timeout)
{
    EXPECT_EQ(kernel_gives_up_after(200ms, 15, 10s), 10'200ms);
}

}  // namespace
}  // namespace deadair::recommend
