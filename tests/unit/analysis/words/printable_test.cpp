#include "analysis/words/printable.hpp"

#include <gtest/gtest.h>

namespace deadair {
namespace {

TEST(printable, leaves_what_is_text)
{
    for (const auto* text : {"", "plain", "Größe 5 µs", "日本", "😀", "~!@#$%^&*()=+-"}) {
        EXPECT_EQ(printable(text), text);
        EXPECT_EQ(printable_lines(text), text);
    }
}

TEST(printable, makes_spaces_of_what_a_terminal_would_obey)
{
    EXPECT_EQ(printable("a\x1b[2Jb\nc\td\re\x7f"), "a [2Jb c d e ");
    EXPECT_EQ(printable("\x1b]0;title\x07"), " ]0;title ");
    EXPECT_EQ(printable("a\xc2\x9b"
                        "2Jb"),
              "a 2Jb");  // CSI as one character of C1
    EXPECT_EQ(printable("\u202egnp.exe"), " gnp.exe");
    EXPECT_EQ(printable("a\u2028b"), "a b");
    EXPECT_EQ(printable_lines("a\x1b\nb\r\n"), "a \nb \n");
}

TEST(printable, replaces_what_is_no_utf8)
{
    EXPECT_EQ(printable("\x9b"
                        "2J"),
              "\ufffd"
              "2J");                                   // a terminal of eight bits obeys it
    EXPECT_EQ(printable("\xc0\xaf"), "\ufffd\ufffd");  // longer than it must be
    EXPECT_EQ(printable("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");  // a surrogate
    EXPECT_EQ(printable("a\xe6\x97"), "a\ufffd\ufffd");          // cut off
    EXPECT_EQ(printable("\xf5\x80\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");
}

}  // namespace
}  // namespace deadair
