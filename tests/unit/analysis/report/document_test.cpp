#include "analysis/report/document.hpp"

#include <gtest/gtest.h>

#include "analysis/report/drawing.hpp"

namespace deadair::report {
namespace {

constexpr const char* hostile = "<img src=x onerror=\"a()\">|*b*\n\x1b[31m_c_";

document with(block one)
{
    return {.title = "Title",
            .subtitle = "",
            .sections = {{.id = "it", .title = "It", .blocks = {std::move(one)}}},
            .footer = ""};
}

void expect_harmless(const std::string& page)
{
    EXPECT_EQ(page.find("<img"), std::string::npos) << page;
    EXPECT_EQ(page.find('\x1b'), std::string::npos);
    EXPECT_NE(page.find("&lt;img"), std::string::npos);
}

TEST(document, takes_a_strangers_words_as_words_in_html)
{
    const grid table{.columns = {{hostile}, {hostile, true}}, .rows = {{hostile, hostile}}};
    auto folded = table;
    folded.folded_under = hostile;
    for (const block& each :
         {block{lead{hostile}}, block{paragraph{hostile}}, block{caution{hostile}},
          block{code{hostile}}, block{bullets{{hostile}}},
          block{facts{{{hostile, hostile, hostile}}}}, block{table}, block{folded}})
        expect_harmless(html(with(each)));
    auto titled = with(lead{"text"});
    titled.title = titled.subtitle = titled.footer = titled.sections[0].title = hostile;
    expect_harmless(html(titled));
    drawing picture{10, 10};
    picture.text({1, 1}, hostile, "name");
    expect_harmless(picture.svg("id", hostile, hostile));
}

TEST(document, takes_a_strangers_words_as_words_in_markdown)
{
    const auto page = markdown(
        with(grid{.columns = {{"setting"}, {"b"}}, .rows = {{"tcp_keepalive_idle", hostile}}}));
    EXPECT_NE(page.find("| tcp_keepalive_idle | &lt;img src=x onerror=\"a()\">\\|\\*b\\*  "
                        "\\[31m_c\\_ |\n"),
              std::string::npos)
        << page;
}

TEST(document, gives_a_terminal_no_commands)
{
    const auto page = plain_text(with(facts{{{"name", hostile,
                                              "\xc2\x9b"
                                              "31m"}}}));
    EXPECT_EQ(page.find('\x1b'), std::string::npos);
    EXPECT_EQ(page.find('\x9b'), std::string::npos);
    EXPECT_NE(page.find("|*b* "), std::string::npos) << page;
}

TEST(document, forbids_the_page_every_request)
{
    EXPECT_NE(html(with(lead{"text"})).find("content=\"default-src 'none'; "), std::string::npos);
}

TEST(document, gives_people_the_minute_of_a_moment)
{
    EXPECT_EQ(for_people("2026-01-31T12:05:59.123Z"), "2026-01-31 12:05 UTC");
    EXPECT_EQ(for_people("some day"), "some day");
}

TEST(document, folds_what_few_will_read)
{
    const auto folded =
        with(grid{.columns = {{"a"}}, .rows = {{"cell"}}, .folded_under = "1 of 7 probes"});
    EXPECT_NE(html(folded).find("<details><summary>1 of 7 probes</summary>"), std::string::npos);
    EXPECT_NE(markdown(folded).find("<details><summary>1 of 7 probes</summary>\n\n| a |\n"),
              std::string::npos);
    EXPECT_EQ(plain_text(folded).find("cell"), std::string::npos);
}

}  // namespace
}  // namespace deadair::report
