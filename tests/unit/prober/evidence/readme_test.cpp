#include "prober/evidence/readme.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::prober::evidence {
namespace {

TEST(readme, explains_each_file_and_what_stands_out)
{
    const std::vector<part> parts{{"routes", true, "nothing", {"there is no default route"}},
                                  {"conntrack", false, "this host does not track connections\n"}};
    const auto text = readme(parts, "From vm to echo.example\n").text;
    EXPECT_NE(text.find("\nFrom vm to echo.example\n\nFiles\n"), std::string::npos) << text;
    EXPECT_NE(text.find("routes.txt           where packets go next"), std::string::npos) << text;
    EXPECT_NE(text.find("timeouts (not available)"), std::string::npos) << text;
    EXPECT_NE(text.find("  routes: there is no default route\n"), std::string::npos) << text;
    EXPECT_NE(text.find("  conntrack: this host does not track connections\n"), std::string::npos)
        << text;
}

TEST(readme, says_so_when_nothing_stands_out)
{
    const std::vector<part> parts{{"system", true, "kernel", {}}};
    EXPECT_NE(readme(parts, "").text.find("What stands out\n  nothing\n"), std::string::npos);
}

}  // namespace
}  // namespace deadair::prober::evidence
