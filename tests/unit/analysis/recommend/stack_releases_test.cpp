#include <gtest/gtest.h>

#include "analysis/recommend/embedded.hpp"
#include "analysis/recommend/release.hpp"
#include "analysis/recommend/stack_template.hpp"
#include "tests/unit/analysis/recommend/stack_texts.hpp"

namespace deadair::recommend {
namespace {

release of(std::string_view text)
{
    return parse_release(text).value_or(release{});
}

TEST(release, is_read_and_ordered_by_its_numbers)
{
    EXPECT_LT(of("1.9"), of("1.23"));
    EXPECT_LT(of("1.23"), of("1.23.4"));
    EXPECT_TRUE(of("1.24").covers(of("1.24.3")));
    EXPECT_FALSE(of("1.24").covers(of("1.2")));
    EXPECT_EQ(to_string(of("2.4.58")), "2.4.58");
    for (const auto* text : {"", "1.", ".1", "a", "1.x", "-1", "1.-2", "1.2.3.4.5", "99999999999"})
        EXPECT_FALSE(parse_release(text)) << text;
}

TEST(stack_releases, the_newest_form_is_code_and_older_ones_are_comments)
{
    const auto text = text_for("go", settings_for_900_s());
    EXPECT_TRUE(holds(text, "\n\tKeepAliveConfig: net.KeepAliveConfig{")) << text;
    EXPECT_TRUE(holds(text, "\n\t// Before 1.23:\n")) << text;
    EXPECT_TRUE(holds(text, "\n\t//   KeepAlive: 15 * time.Second,\n")) << text;
    EXPECT_TRUE(
        says(text, "for release 1.23 and later, older ones in comments (--for go@RELEASE)"));
}

TEST(stack_releases, a_release_gets_its_own_form_alone)
{
    const auto older = text_for("go@1.19.8", settings_for_900_s());
    EXPECT_TRUE(holds(older, "\n\tKeepAlive: 15 * time.Second,\n")) << older;
    EXPECT_FALSE(holds(older, "KeepAliveConfig")) << older;
    EXPECT_TRUE(says(older, "for release 1.19.8")) << older;
    const auto newer = text_for("go@1.24.3", settings_for_900_s());
    EXPECT_TRUE(holds(newer, "KeepAliveConfig: ")) << newer;
    EXPECT_FALSE(holds(newer, "Before 1.23")) << newer;
    EXPECT_TRUE(holds(text_for("node-redis@4.6", settings_for_900_s()), "keepAlive: 5000,\n"));
    EXPECT_FALSE(holds(text_for("java-hikaricp@2.7.9", settings_for_900_s()), "\nkeepaliveTime="));
}

TEST(stack_releases, an_unknown_one_is_refused_with_those_that_are_known)
{
    EXPECT_FALSE(unknown_stack("go@1.19"));
    EXPECT_FALSE(unknown_stack("libpq"));
    for (const auto* asked : {"go@0.9", "go@1.25", "go@new", "go@"})
        EXPECT_TRUE(holds(unknown_stack(asked).value_or(""), " from go@1.13 to go@1.24, not '"))
            << asked;
    EXPECT_EQ(unknown_stack("libpq@15"),
              "the text for libpq is one for all releases; leave out @15");
    EXPECT_TRUE(holds(unknown_stack("kafak").value_or(""), "did you mean kafka?"));
    EXPECT_EQ(settings_text("go@0.9", settings_for_900_s()), std::nullopt);
}

TEST(stack_releases, every_form_of_every_stack_is_filled)
{
    for (const auto& file : embedded_stacks()) {
        const auto parsed = parse_stack_template(file.text);
        EXPECT_EQ(parsed.oldest.has_value(), parsed.newest.has_value()) << file.name;
        for (const auto& line : parsed.lines)
            for (const auto& bound : {line.from, line.before})
                EXPECT_TRUE(!bound || (parsed.newest && *bound > *parsed.oldest)) << line.text;
        for (const auto& each : {parsed.oldest, parsed.newest})
            if (each) {
                const auto name = std::string(file.name) + "@" + to_string(*each);
                const auto text = text_for(name, settings_for_900_s());
                EXPECT_FALSE(holds(text, "@from") || holds(text, "@before")) << text;
            }
    }
}

}  // namespace
}  // namespace deadair::recommend
