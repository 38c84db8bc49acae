#include "prober/dialogue/bare.hpp"

#include <gtest/gtest.h>

#include <array>

namespace deadair::dialogue {
namespace {

constexpr std::array alert{std::byte{0x15}, std::byte{3}, std::byte{3}, std::byte{0}, std::byte{2}};

TEST(bare, nothing_is_said_before_the_question)
{
    bare talk{true};
    EXPECT_TRUE(talk.greet().empty());
    EXPECT_EQ(talk.take({}).is, meaning::more);
    EXPECT_EQ(talk.take(alert).is, meaning::unasked);
}

TEST(bare, a_record_that_nobody_can_decrypt_draws_an_answer_which_is_the_last)
{
    bare talk{true};
    const auto question = talk.ask();
    ASSERT_EQ(question.size(), 5 + 32);
    EXPECT_EQ(question[0], std::byte{0x17});  // application data
    EXPECT_EQ(question[4], std::byte{32});
    const auto heard = talk.take(alert);
    EXPECT_EQ(heard.is, meaning::answered);
    EXPECT_TRUE(heard.last);
    EXPECT_EQ(heard.consumed, alert.size());
}

TEST(bare, of_tcp_alone_nothing_can_be_asked)
{
    bare talk{false};
    EXPECT_TRUE(talk.ask().empty());
    EXPECT_EQ(talk.take(alert).is, meaning::unasked);
}

}  // namespace
}  // namespace deadair::dialogue
