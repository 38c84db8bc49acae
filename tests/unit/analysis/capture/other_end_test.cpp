#include "analysis/capture/other_end.hpp"

#include <functional>

#include "tests/unit/analysis/capture/a_connection.hpp"

namespace deadair::capture {

// A message after a silence finds no answer at the client; the server's capture has some of it.
class a_message_without_an_answer : public a_connection {
protected:
    using chosen = std::function<bool(const segment&)>;

    void SetUp() override
    {
        hello();
        client(60s, 100);
        message_ = packets().size() - 1;
        for (const auto after : {200ms, 400ms, 800ms, 1600ms, 3200ms})
            client_again(after);
    }
    // @param there  what the other capture has
    other_end::fate fate_of(const std::vector<segment>& there)
    {
        std::vector<conversation> talks;
        capture here{{}, [&](const conversation& one) { talks.push_back(one); }};
        for (const auto& each : packets())
            here.on(each);
        here.finish();
        other_end other;
        for (auto& each : talks)
            other.ask(each);
        for (const auto& each : there)
            other.on(each);
        const auto told = other.tell();
        EXPECT_EQ(told.size(), 1U);
        EXPECT_EQ(talks.front().silences().front().elsewhere, to_string(told.begin()->first));
        return told.begin()->first;
    }
    std::vector<segment> before() const
    {
        return {packets().begin(), packets().begin() + static_cast<std::ptrdiff_t>(message_)};
    }
    segment answer() const
    {
        auto made = packets()[message_];
        std::swap(made.from, made.to);
        made.acknowledged = made.sequence + made.payload;
        made.payload = 0;
        return made;
    }

    std::size_t message_{};
};

TEST_F(a_message_without_an_answer, vanished_between_the_captures_if_the_other_lacks_it)
{
    EXPECT_EQ(fate_of(before()), other_end::fate::between);
}

TEST_F(a_message_without_an_answer, was_not_answered_beyond_if_the_other_has_it)
{
    EXPECT_EQ(fate_of(packets()), other_end::fate::unanswered);
}

TEST_F(a_message_without_an_answer, had_one_that_vanished_if_the_other_has_that)
{
    auto there = packets();
    there.push_back(answer());
    EXPECT_EQ(fate_of(there), other_end::fate::answered);
}

TEST_F(a_message_without_an_answer, is_known_again_behind_a_nat)
{
    auto there = before();
    for (auto& each : there)
        for (auto* end : {&each.from, &each.to})
            if (*end == client_)
                end->port = 1234;
    EXPECT_EQ(fate_of(there), other_end::fate::between);
}

TEST_F(a_message_without_an_answer, has_an_unknown_fate_if_the_other_lacks_the_connection)
{
    EXPECT_EQ(fate_of({}), other_end::fate::unknown);
}

}  // namespace deadair::capture
