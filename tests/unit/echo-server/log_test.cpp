#include "echo-server/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace deadair::echo_server {
namespace {

TEST(log, keeps_a_value_on_its_line_and_in_its_quotes)
{
    EXPECT_EQ(in_quotes("team a"), "\"team a\"");
    EXPECT_EQ(in_quotes("a\"b\\c"), "\"a\\\"b\\\\c\"");
    EXPECT_EQ(in_quotes("x\n<3>level=error"), "\"x\\x0a<3>level=error\"");
}

TEST(log, writes_no_more_warnings_than_the_disk_can_bear)
{
    log to{log_level::info};
    testing::internal::CaptureStderr();
    for (int i = 0; i < 1000; ++i)
        to.write(log_level::warn, "event=dropped number={}", i);
    to.write(log_level::info, "event=session_begun");
    const auto text = testing::internal::GetCapturedStderr();
    EXPECT_LE(std::ranges::count(text, '\n'), 2 * static_cast<std::ptrdiff_t>(warnings_max) + 3);
    EXPECT_NE(text.find("event=session_begun"), std::string::npos);
}

}  // namespace
}  // namespace deadair::echo_server
