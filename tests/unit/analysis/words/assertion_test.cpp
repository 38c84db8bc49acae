#include "analysis/words/assertion.hpp"

#include <gtest/gtest.h>

#include "analysis/words/program.hpp"

namespace deadair {
namespace {

TEST(an_assertion, is_silent_where_it_holds)
{
    EXPECT_NO_THROW(assert_that(true, "one is one"));
}

TEST(an_assertion, stops_every_build_with_a_sentence_where_it_does_not)
{
    try {
        assert_that(false, "one is two");
        FAIL() << "it went on";
    } catch (const broken_assumption& fault) {
        EXPECT_STREQ(fault.what(),
                     "a fault of deadair itself, please report it; not so: one is two");
    }
}

TEST(an_assertion, ends_a_program_with_the_exit_code_of_a_failure)
{
    const auto work = []() -> exit_code {
        assert_that(false, "one is two");
        return exit_code::done;
    };
    EXPECT_EQ(run_program("deadair-test", work), static_cast<int>(exit_code::failed));
}

}  // namespace
}  // namespace deadair
