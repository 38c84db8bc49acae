#include "prober/evidence/short_form.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::evidence {
namespace {

TEST(lookup, says_what_a_name_resolves_to_and_how_long_that_took)
{
    const auto seen = lookup({.host = "127.0.0.1", .port = 7443});
    EXPECT_TRUE(seen.available);
    EXPECT_EQ(seen.text.find("127.0.0.1: 127.0.0.1"), 0U) << seen.text;
    EXPECT_NE(seen.text.find(" ms\n"), std::string::npos) << seen.text;
}

TEST(lookup, says_why_a_name_does_not_resolve)
{
    const auto seen = lookup({.host = "not..a..name", .port = 7443});  // so that nobody is asked
    EXPECT_FALSE(seen.available);
    EXPECT_EQ(seen.text.find("not..a..name: "), 0U) << seen.text;
}

}  // namespace
}  // namespace deadair::prober::evidence
