#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <set>

#include "analysis/words/assertion.hpp"
#include "tests/unit/echo-server/records/far_end.hpp"

namespace deadair::records {
namespace {

constexpr std::uint8_t type_alert = 21;
constexpr std::uint8_t type_handshake = 22;
constexpr std::uint8_t type_data = 23;
constexpr int alerts_from = 1000;  // SSL_AD_REASON_OFFSET

wire::buffer bytes_of(std::initializer_list<int> values)
{
    wire::buffer out;
    for (const auto each : values)
        out.push_back(static_cast<std::byte>(each));
    return out;
}

traffic traffic_of(suite by, int fill, std::uint64_t records = 0)
{
    return {by, wire::buffer(secret_size(by), static_cast<std::byte>(fill)), records};
}

class RecordLayer : public ::testing::TestWithParam<suite> {
protected:
    // What came, with what it left in `record`.
    heard give(std::span<std::byte> record) { return records::give(near, record); }
    heard give(std::uint8_t type, std::initializer_list<int> plain, std::size_t padding = 0)
    {
        return give(far.seal(type, bytes_of(plain), padding));
    }
    heard give(wire::buffer&& record) { return give(std::span{record}); }
    // The same to a server that has heard nothing yet.
    static heard give_to_another(std::span<std::byte> record)
    {
        record_layer fresh{wire::role::server, traffic_of(GetParam(), 1),
                           traffic_of(GetParam(), 2)};
        return records::give(fresh, record);
    }
    static void expect_failed(const heard& seen, alert farewell, int reason)
    {
        EXPECT_EQ(seen.what, heard::kind::failed);
        EXPECT_EQ(seen.farewell, farewell);
        EXPECT_EQ(seen.reason, reason);
    }

    far_end far{traffic_of(GetParam(), 1)};
    record_layer near{wire::role::server, traffic_of(GetParam(), 1), traffic_of(GetParam(), 2)};
    // What `near` says, as its peer reads it.
    record_layer reading{wire::role::client, traffic_of(GetParam(), 2), traffic_of(GetParam(), 1)};
};

INSTANTIATE_TEST_SUITE_P(suites, RecordLayer,
                         ::testing::Values(suite::aes_128_gcm_sha256, suite::aes_256_gcm_sha384,
                                           suite::chacha20_poly1305_sha256));

TEST_P(RecordLayer, data_comes_out_as_it_went_in_with_padding_or_without)
{
    for (const auto padding : {0U, 1U, 200U}) {
        auto record = far.seal(type_data, bytes_of({7, 0, 9, 0}), padding);
        const auto seen = give(std::span{record});
        ASSERT_EQ(seen.what, heard::kind::data);
        ASSERT_EQ(seen.size, 4U);
        EXPECT_EQ(record[header_size + 2], std::byte{9});
    }
    wire::buffer longest(plain_max, std::byte{5});
    auto record = near.seal(longest);
    EXPECT_EQ(records::give(reading, record).size, plain_max);
}

TEST_P(RecordLayer, a_broken_bit_anywhere_ends_it)
{
    const auto whole = far.seal(type_data, bytes_of({1, 2, 3}));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto broken = whole;
        broken[at] ^= std::byte{1};
        EXPECT_EQ(give_to_another(broken).what, heard::kind::failed) << "byte " << at;
    }
}

TEST_P(RecordLayer, a_replayed_or_a_left_out_record_ends_it)
{
    const auto first = far.seal(type_data, bytes_of({1}));
    EXPECT_EQ(give(wire::buffer{first}).what, heard::kind::data);
    expect_failed(give(wire::buffer{first}), alert::bad_record_mac,
                  SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
    auto second = far.seal(type_data, bytes_of({1}));
    EXPECT_EQ(give_to_another(second).farewell, alert::bad_record_mac);
}

TEST_P(RecordLayer, a_header_that_may_not_be_is_refused_before_its_body_comes)
{
    const auto read = [](std::initializer_list<int> head) {
        header of{};
        const auto all = bytes_of(head);
        std::copy(all.begin(), all.end(), of.begin());
        return record_layer::read(of);
    };
    EXPECT_EQ(read({23, 3, 3, 0x41, 0}).size, sealed_max);
    expect_failed(read({23, 3, 3, 0x41, 1}), alert::record_overflow, SSL_R_PACKET_LENGTH_TOO_LONG);
    expect_failed(read({23, 2, 3, 0, 30}), alert::protocol_version, SSL_R_WRONG_VERSION_NUMBER);
    expect_failed(read({23, 3, 1, 0, 30}), alert::decode_error, SSL_R_WRONG_VERSION_NUMBER);
    // Plain alerts, renegotiation in the clear, a change of cipher: all over with the handshake.
    for (const int type : {20, 21, 22, 24})
        expect_failed(read({type, 3, 3, 0, 30}), alert::unexpected_message, SSL_R_BAD_RECORD_TYPE);
}

TEST_P(RecordLayer, a_record_too_short_for_its_tag_is_a_forged_one)
{
    for (const int size : {0, 1, 16}) {
        auto record = bytes_of({23, 3, 3, 0, size});
        record.resize(record.size() + static_cast<std::size_t>(size));
        expect_failed(give_to_another(record), alert::bad_record_mac,
                      SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
    }
}

TEST_P(RecordLayer, content_of_no_type_or_of_a_strange_one_ends_it)
{
    expect_failed(give(0, {}, 12), alert::unexpected_message, SSL_R_BAD_RECORD_TYPE);
    expect_failed(give(20, {1}), alert::unexpected_message, SSL_R_BAD_RECORD_TYPE);
    expect_failed(give(type_alert, {}), alert::unexpected_message, SSL_R_BAD_LENGTH);
    expect_failed(give(type_handshake, {}), alert::unexpected_message, SSL_R_BAD_LENGTH);
}

TEST_P(RecordLayer, more_content_than_a_record_may_have_ends_it)
{
    expect_failed(give(far.seal(type_data, wire::buffer(plain_max + 1))), alert::record_overflow,
                  SSL_R_DATA_LENGTH_TOO_LONG);
}

TEST_P(RecordLayer, empty_records_are_borne_thirty_two_times_in_a_row)
{
    for (int i = 0; i < 32; ++i)
        ASSERT_EQ(give(type_data, {}).what, heard::kind::nothing);
    EXPECT_EQ(give(type_data, {1}).what, heard::kind::data);
    for (int i = 0; i < 32; ++i)
        ASSERT_EQ(give(type_data, {}).what, heard::kind::nothing);
    expect_failed(give(type_data, {}), alert::unexpected_message, SSL_R_RECORD_TOO_SMALL);
}

TEST_P(RecordLayer, close_notify_closes_and_any_other_alert_is_the_end)
{
    EXPECT_EQ(give(type_alert, {1, 0}).what, heard::kind::closed);
    const auto told = give(type_alert, {2, 20});
    EXPECT_EQ(told.what, heard::kind::failed);
    EXPECT_EQ(told.reason, alerts_from + 20);
    EXPECT_FALSE(told.farewell);  // nobody answers an alert
    EXPECT_EQ(give(type_alert, {1, 40}).reason, alerts_from + 40);
    expect_failed(give(type_alert, {2}), alert::unexpected_message, SSL_R_INVALID_ALERT);
    expect_failed(give(type_alert, {2, 20, 2}), alert::unexpected_message, SSL_R_INVALID_ALERT);
}

TEST_P(RecordLayer, user_canceled_is_passed_over_four_times_in_a_row)
{
    for (int turn = 0; turn < 2; ++turn) {
        for (int i = 0; i < 4; ++i)
            ASSERT_EQ(give(type_alert, {1, 90}).what, heard::kind::nothing);
        ASSERT_EQ(give(type_data, {1}).what, heard::kind::data);
    }
    for (int i = 0; i < 4; ++i)
        give(type_alert, {1, 90});
    expect_failed(give(type_alert, {1, 90}), alert::unexpected_message, SSL_R_TOO_MANY_WARN_ALERTS);
}

TEST_P(RecordLayer, after_a_key_update_only_the_new_key_opens)
{
    EXPECT_EQ(give(type_handshake, {24, 0, 0, 1, 0}).what, heard::kind::nothing);
    auto old = far.seal(type_data, bytes_of({1}));
    far.update();
    EXPECT_EQ(give(far.seal(type_data, bytes_of({1}))).what, heard::kind::data);
    expect_failed(give(std::span{old}), alert::bad_record_mac,
                  SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
}

TEST_P(RecordLayer, updates_that_are_asked_for_are_answered_once_before_the_next_data)
{
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(give(type_handshake, {24, 0, 0, 1, 1}).what, heard::kind::nothing);
        far.update();
    }
    auto said = near.seal(bytes_of({1, 2, 3}));
    const std::size_t update = header_size + 5 + 1 + tag_size;
    ASSERT_EQ(said.size(), update + header_size + 3 + 1 + tag_size);
    EXPECT_EQ(records::give(reading, std::span{said}.first(update)).what, heard::kind::nothing);
    EXPECT_EQ(records::give(reading, std::span{said}.subspan(update)).size, 3U);
    EXPECT_EQ(near.seal(bytes_of({1})).size(), header_size + 1 + 1 + tag_size);
}

TEST_P(RecordLayer, a_key_update_that_is_none_ends_it)
{
    const auto sent = [](std::initializer_list<int> plain) {
        far_end from{traffic_of(GetParam(), 1)};
        auto record = from.seal(type_handshake, bytes_of(plain));
        return give_to_another(record);
    };
    expect_failed(sent({24, 0, 0, 1, 2}), alert::illegal_parameter, SSL_R_BAD_KEY_UPDATE);
    expect_failed(sent({24, 0, 0, 0}), alert::decode_error, SSL_R_BAD_KEY_UPDATE);
    expect_failed(sent({24, 0, 0, 2, 0, 0}), alert::illegal_parameter,
                  SSL_R_EXCESSIVE_MESSAGE_SIZE);
    expect_failed(sent({24, 0, 0, 1, 0, 24}), alert::unexpected_message,
                  SSL_R_NOT_ON_RECORD_BOUNDARY);
}

TEST_P(RecordLayer, messages_go_over_records_but_nothing_may_come_between)
{
    EXPECT_EQ(give(type_handshake, {24, 0}).what, heard::kind::nothing);
    EXPECT_EQ(give(type_handshake, {0, 1, 0}).what, heard::kind::nothing);
    far.update();
    EXPECT_EQ(give(type_data, {1}).what, heard::kind::data);
    give(type_handshake, {24, 0, 0, 1});
    expect_failed(give(type_data, {1}), alert::unexpected_message, SSL_R_UNEXPECTED_RECORD);
}

TEST_P(RecordLayer, nobody_begins_another_handshake)
{
    for (const int type : {0, 1, 4, 11, 13, 20}) {
        far_end from{traffic_of(GetParam(), 1)};
        auto record = from.seal(type_handshake, bytes_of({type, 0, 0, 0}));
        expect_failed(give_to_another(record), alert::unexpected_message, SSL_R_UNEXPECTED_MESSAGE);
    }
}

TEST_P(RecordLayer, a_client_passes_tickets_over)
{
    far_end server{traffic_of(GetParam(), 2)};
    const auto ticket = bytes_of({4, 0, 0, 14, 0, 0, 0, 9, 1, 1, 1, 1, 0, 0, 1, 7, 0, 0});
    auto two = ticket;
    two.insert(two.end(), ticket.begin(), ticket.end());
    auto record = server.seal(type_handshake, two);
    EXPECT_EQ(records::give(reading, record).what, heard::kind::nothing);
    auto broken = ticket;
    broken[14] = std::byte{2};
    record = server.seal(type_handshake, broken);
    expect_failed(records::give(reading, record), alert::decode_error, SSL_R_LENGTH_MISMATCH);
}

TEST_P(RecordLayer, keys_change_before_they_have_protected_too_many_records)
{
    constexpr auto limit = record_layer::records_under_one_key;
    record_layer old{wire::role::server, traffic_of(GetParam(), 1),
                     traffic_of(GetParam(), 2, limit - 2)};
    record_layer peer{wire::role::client, traffic_of(GetParam(), 2, limit - 2),
                      traffic_of(GetParam(), 1)};
    auto last = old.seal(bytes_of({1}));
    EXPECT_EQ(records::give(peer, last).what, heard::kind::data);
    auto said = old.seal(bytes_of({1}));
    const std::size_t update = header_size + 5 + 1 + tag_size;
    ASSERT_GT(said.size(), update);
    EXPECT_EQ(records::give(peer, std::span{said}.first(update)).what, heard::kind::nothing);
    EXPECT_EQ(records::give(peer, std::span{said}.subspan(update)).what, heard::kind::data);
}

TEST(traffic, has_no_number_left_once_it_was_moved_from)
{
    auto first = traffic_of(suite::aes_128_gcm_sha256, 1, 5);
    auto second = std::move(first);
    record_key key;
    EXPECT_TRUE(second.next(key));
    EXPECT_EQ(second.records(), 6U);
    // What was moved from is just what is tried.
    EXPECT_THROW(first.next(key), broken_assumption);  // NOLINT(bugprone-use-after-move): as said
}

TEST(traffic, never_gives_a_nonce_twice)
{
    auto of = traffic_of(suite::aes_256_gcm_sha384, 1);
    std::set<std::array<std::byte, nonce_size>> seen;
    for (int i = 0; i < 1000; ++i) {
        record_key key;
        ASSERT_TRUE(of.next(key));
        EXPECT_TRUE(seen.insert(key.nonce).second);
    }
    auto last = traffic_of(suite::aes_256_gcm_sha384, 1, traffic::records_most);
    record_key key;
    EXPECT_THROW(last.next(key), broken_assumption);
}

}  // namespace
}  // namespace deadair::records
