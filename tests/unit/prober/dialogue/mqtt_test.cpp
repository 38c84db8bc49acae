#include "prober/dialogue/mqtt.hpp"

#include <gtest/gtest.h>

namespace deadair::dialogue {
namespace {

wire::buffer bytes_of(std::initializer_list<int> values)
{
    wire::buffer made;
    for (const auto each : values)
        made.push_back(static_cast<std::byte>(each));
    return made;
}

const auto accepted = bytes_of({0x20, 2, 0, 0});

class mqtt_test : public ::testing::Test {
protected:
    words said{.host = "a.example", .target = "/", .agent = "deadair/1"};
    fresh own{.key = "Zm9v+/YmFyYmF6cXV4MTIzNA=="};
    mqtt talk{said, own};
};

TEST_F(mqtt_test, the_greeting_asks_for_no_signs_of_life_and_a_clean_session)
{
    const auto greeting = talk.greet();
    // CONNECT, its length, "MQTT", level 4, clean session, keep alive 0, a name of 23 letters.
    EXPECT_EQ(wire::buffer(greeting.begin(), greeting.begin() + 14),
              bytes_of({0x10, 35, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 23}));
    EXPECT_EQ(greeting.size(), 37);
    const std::string name{reinterpret_cast<const char*>(greeting.data()) + 14, 23};
    EXPECT_EQ(name, "deadairZm9vYmFyYmF6cXV4");
}

TEST_F(mqtt_test, a_login_is_part_of_it)
{
    said.user = "me";
    said.password = "secret";
    const auto greeting = talk.greet();
    EXPECT_EQ(greeting[9], std::byte{0xc2});
    const std::string tail{reinterpret_cast<const char*>(greeting.data()) + 37,
                           greeting.size() - 37};
    EXPECT_EQ(tail, (std::string{"\0\2me\0\6secret", 12}));
}

TEST_F(mqtt_test, a_long_greeting_has_a_length_of_two_bytes)
{
    said.user = std::string(200, 'u');
    const auto greeting = talk.greet();
    EXPECT_EQ(greeting.size(), 3 + 35 + 2 + 200 + 2);
    EXPECT_EQ(greeting[1], std::byte{0x80 | (239 & 0x7f)});
    EXPECT_EQ(greeting[2], std::byte{1});
}

TEST_F(mqtt_test, connack_lets_us_in_and_pingresp_answers)
{
    EXPECT_EQ(talk.take(wire::bytes{accepted}.first(3)).is, meaning::more);
    EXPECT_EQ(talk.take(accepted).is, meaning::ready);
    EXPECT_EQ(talk.ask(), bytes_of({0xc0, 0}));
    EXPECT_EQ(talk.take(bytes_of({0xd0, 0})).is, meaning::answered);
    EXPECT_EQ(talk.take(bytes_of({0xd0, 0})).is, meaning::unasked);
    const auto message = talk.take(bytes_of({0x30, 3, 0, 1, 'x', 0x30}));
    EXPECT_EQ(message.is, meaning::unasked);
    EXPECT_EQ(message.consumed, 5);
}

TEST_F(mqtt_test, a_broker_that_will_not_have_us_is_refused)
{
    for (const auto& [code, words_of] :
         {std::pair{3, "later"}, {4, "--login-file"}, {5, "--login-file"}, {2, "CONNACK 2"}}) {
        mqtt fresh_talk{said, own};
        const auto heard = fresh_talk.take(bytes_of({0x20, 2, 0, code}));
        EXPECT_EQ(heard.is, meaning::refused);
        EXPECT_NE(heard.why.find(words_of), std::string::npos) << heard.why;
    }
}

TEST_F(mqtt_test, nonsense_is_refused)
{
    EXPECT_EQ(talk.take(bytes_of({'H', 'T', 'T', 'P', '/', '1', '.', '1'})).is, meaning::more);
    EXPECT_EQ(talk.take(bytes_of({0x20, 0xff, 0xff, 0xff, 0xff})).is, meaning::refused);
    EXPECT_EQ(talk.take(bytes_of({0x20, 0xff, 0xff, 0xff, 0x7f})).is, meaning::refused);
    EXPECT_EQ(talk.take(bytes_of({0xd0, 0})).is, meaning::refused);
}

wire::buffer with_text(std::initializer_list<int> head, std::string_view text)
{
    auto made = bytes_of(head);
    wire::writer{made}.raw(std::as_bytes(std::span{text}));
    return made;
}

const auto subscribed = bytes_of({0x90, 3, 0, 1, 0});

TEST_F(mqtt_test, who_is_spoken_to_subscribes_once_it_is_let_in)
{
    mqtt hears{said, {.is = role::spoken_to, .number = 7, .stay = "ab12"}};
    const auto in = hears.take(accepted);
    EXPECT_EQ(in.is, meaning::unasked);
    auto wanted = with_text({0x82, 19, 0, 1, 0, 14}, "deadair/ab12/7");
    wanted.push_back(std::byte{0});  // QoS
    EXPECT_EQ(in.reply, wanted);
    EXPECT_EQ(hears.take(subscribed).is, meaning::ready);
    const auto heard = hears.take(with_text({0x30, 18, 0, 14}, "deadair/ab12/742"));
    EXPECT_EQ(heard.is, meaning::spoken);
    EXPECT_EQ(heard.number, 42);
    EXPECT_EQ(heard.consumed, 20);
    EXPECT_EQ(hears.take(with_text({0x30, 18, 0, 14}, "deadair/ab12/7no")).is, meaning::unasked);
    EXPECT_EQ(hears.take(bytes_of({0x30, 2, 0, 14})).is, meaning::unasked);
    EXPECT_EQ(hears.take(bytes_of({0x30, 1, 0})).is, meaning::unasked);
    EXPECT_EQ(hears.take(bytes_of({0x30, 0})).is, meaning::unasked);
}

TEST_F(mqtt_test, who_lets_it_speak_hears_a_copy_as_the_brokers_word)
{
    mqtt tells{said, {.is = role::lets_speak, .number = 0, .stay = "ab12"}};
    auto wanted = with_text({0x82, 19, 0, 1, 0, 14}, "deadair/ab12/+");
    wanted.push_back(std::byte{0});
    EXPECT_EQ(tells.take(accepted).reply, wanted);
    EXPECT_EQ(tells.take(subscribed).is, meaning::ready);
    const auto published = with_text({0x30, 18, 0, 14}, "deadair/ab12/742");
    EXPECT_EQ(tells.let_speak(7, 42), published);
    const auto copy = tells.take(published);
    EXPECT_EQ(copy.is, meaning::told);
    EXPECT_EQ(copy.number, 42);
}

TEST_F(mqtt_test, a_broker_that_lets_nobody_subscribe_is_refused_with_the_way_out)
{
    mqtt hears{said, {.is = role::spoken_to, .number = 7, .stay = "ab12"}};
    hears.take(accepted);
    const auto heard = hears.take(bytes_of({0x90, 3, 0, 1, 0x80}));
    EXPECT_EQ(heard.is, meaning::refused);
    EXPECT_NE(heard.why.find("--direction to_server"), std::string::npos) << heard.why;
}

}  // namespace
}  // namespace deadair::dialogue
