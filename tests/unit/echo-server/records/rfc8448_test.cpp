// The known answers of RFC 8448, section 3 ("Simple 1-RTT Handshake"), from the application's
// traffic secrets on.
#include <gtest/gtest.h>

#include <charconv>

#include "tests/unit/echo-server/records/far_end.hpp"

namespace deadair::records {
namespace {

wire::buffer from_hex(std::string_view text)
{
    wire::buffer out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        unsigned value = 0;
        std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, value, 16);
        out[i] = static_cast<std::byte>(value);
    }
    return out;
}

constexpr std::string_view client_secret =
    "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
constexpr std::string_view server_secret =
    "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";
// The server's first record under these keys.
constexpr std::string_view ticket =
    "17030300de3a6b8f90414a97d6959c3487680de5134a2b240e6cffac116e95d41d6af8f6b580dcf3d11d63c758db28"
    "9a015940252f55713e061dc13e078891a38efbcf5753ad8ef170ad3c7353d16d9da773b9ca7f2b9fa1b6c0d4a3d03f"
    "75e09c30ba1e62972ac46f75f7b981be63439b2999ce13064615139891d5e4c5b406f16e3fc181a77ca475840025db"
    "2f0a77f81b5ab05b94c01346755f69232c86519d86cbeeac87aac347d143f9605d64f650db4d023e70e952ca49fe51"
    "37121c74bc2697687e248746d6df353005f3bce18696129c8153556b3b6c6779b37bf15985684f";
constexpr std::string_view client_data =
    "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e"
    "2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";
constexpr std::string_view server_data =
    "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59"
    "a8fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d";
constexpr std::string_view client_close = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3";
constexpr std::string_view server_close = "1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9";

traffic traffic_of(std::string_view secret, std::uint64_t records = 0)
{
    return {suite::aes_128_gcm_sha256, from_hex(secret), records};
}

wire::buffer zero_to_49()
{
    wire::buffer data(50);
    for (std::size_t i = 0; i < data.size(); ++i)
        data[i] = static_cast<std::byte>(i);
    return data;
}

void expect_key(std::string_view secret, std::string_view key, std::string_view nonce)
{
    auto from = traffic_of(secret);
    record_key first;
    ASSERT_TRUE(from.next(first));
    const auto used = std::span{first.key}.first(key_size(suite::aes_128_gcm_sha256));
    EXPECT_EQ((wire::buffer{used.begin(), used.end()}), from_hex(key));
    EXPECT_EQ((wire::buffer{first.nonce.begin(), first.nonce.end()}), from_hex(nonce));
}

TEST(rfc8448, keys_and_nonces_follow_from_the_traffic_secrets)
{
    expect_key(client_secret, "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9");
    expect_key(server_secret, "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984");
}

TEST(rfc8448, a_client_seals_and_opens_what_the_trace_shows)
{
    record_layer client{wire::role::client, traffic_of(server_secret), traffic_of(client_secret)};
    auto first = from_hex(ticket);
    EXPECT_EQ(give(client, first).what, heard::kind::nothing);
    EXPECT_EQ(client.seal(zero_to_49()), from_hex(client_data));
    auto second = from_hex(server_data);
    const auto seen = give(client, second);
    ASSERT_EQ(seen.what, heard::kind::data);
    const auto plain = std::span{second}.subspan(header_size, seen.size);
    EXPECT_EQ((wire::buffer{plain.begin(), plain.end()}), zero_to_49());
    EXPECT_EQ(client.seal(alert::close_notify), from_hex(client_close));
    auto last = from_hex(server_close);
    EXPECT_EQ(give(client, last).what, heard::kind::closed);
}

TEST(rfc8448, a_server_goes_on_after_the_ticket_that_OpenSSL_sent)
{
    record_layer server{wire::role::server, traffic_of(client_secret),
                        traffic_of(server_secret, 1)};
    auto first = from_hex(client_data);
    EXPECT_EQ(give(server, first).size, 50U);
    EXPECT_EQ(server.seal(zero_to_49()), from_hex(server_data));
    auto last = from_hex(client_close);
    EXPECT_EQ(give(server, last).what, heard::kind::closed);
    EXPECT_EQ(server.seal(alert::close_notify), from_hex(server_close));
}

}  // namespace
}  // namespace deadair::records
