#include "analysis/recommend/proofs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "analysis/recommend/stacks.hpp"

namespace deadair::recommend {
namespace {

TEST(proofs, every_line_reads_and_is_about_a_stack_of_its_own)
{
    const auto names = stack_names();
    std::set<std::string_view> seen;
    for (const auto& one : proofs()) {
        EXPECT_TRUE(seen.insert(one.stack).second) << one.stack;
        EXPECT_NE(std::ranges::find(names, one.stack), names.end()) << one.stack;
        EXPECT_EQ(one.date.size(), std::string_view{"2026-11-26"}.size()) << one.stack;
        EXPECT_FALSE(one.versions.empty() || one.shown.empty()) << one.stack;
    }
    EXPECT_FALSE(seen.empty());
}

TEST(proofs, a_fingerprint_is_that_of_the_published_test_vectors)
{
    // FNV-1a, 64 bits, as its authors give it.
    EXPECT_EQ(fingerprint(""), 0xcbf29ce484222325U);
    EXPECT_EQ(fingerprint("a"), 0xaf63dc4c8601ec8cU);
    EXPECT_EQ(fingerprint("foobar"), 0x85944171f73967e8U);
}

TEST(proofs, a_stack_without_a_proof_has_none)
{
    EXPECT_FALSE(proof_of("dotnet"));
    EXPECT_FALSE(proof_of("cobol"));
}

}  // namespace
}  // namespace deadair::recommend
