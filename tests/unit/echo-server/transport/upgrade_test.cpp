#include "echo-server/transport/upgrade.hpp"

#include <gtest/gtest.h>

#include "echo-server/wire/limits.hpp"

namespace deadair::net {
namespace {

wire::bytes as_bytes(const std::string& text)
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

// The key of RFC 6455, section 1.3, and the answer that the RFC computes for it.
const std::string rfc_key = "dGhlIHNhbXBsZSBub25jZQ==";
const std::string rfc_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

TEST(upgrade, answers_the_key_of_rfc_6455)
{
    EXPECT_NE(upgrade_answer(rfc_key).find("Sec-WebSocket-Accept: " + rfc_accept + "\r\n"),
              std::string::npos);
}

TEST(upgrade, request_and_answer_fit_each_other)
{
    const auto request = upgrade_request_text("echo.example", rfc_key);
    const auto seen = parse_upgrade_request(as_bytes(request));
    ASSERT_EQ(seen.error, upgrade_error::none);
    EXPECT_EQ(seen.target, "/deadair");
    EXPECT_EQ(seen.consumed, request.size());
    const auto answer = upgrade_answer(seen.key);
    EXPECT_EQ(parse_upgrade_response(as_bytes(answer), rfc_key).error, upgrade_error::none);
    EXPECT_EQ(parse_upgrade_response(as_bytes(answer), fresh_upgrade_key()).error,
              upgrade_error::broken);
}

TEST(upgrade, leaves_the_first_frame_that_came_with_the_request)
{
    const auto request = upgrade_request_text("echo.example", rfc_key);
    EXPECT_EQ(parse_upgrade_request(as_bytes(request + "extra")).consumed, request.size());
}

TEST(upgrade, waits_for_the_empty_line)
{
    const auto request = upgrade_request_text("echo.example", rfc_key);
    for (std::size_t size = 1; size < request.size(); ++size)
        EXPECT_EQ(parse_upgrade_request(as_bytes(request).first(size)).error,
                  upgrade_error::incomplete)
            << size;
}

TEST(upgrade, refuses_plain_http_and_endless_headers)
{
    const std::string plain = "GET / HTTP/1.1\r\nHost: echo.example\r\n\r\n";
    EXPECT_EQ(parse_upgrade_request(as_bytes(plain)).error, upgrade_error::broken);
    const auto endless = "GET / HTTP/1.1\r\nX: " + std::string(2 * wire::upgrade_max, 'x');
    EXPECT_EQ(parse_upgrade_request(as_bytes(endless)).error, upgrade_error::broken);
}

TEST(upgrade, names_the_status_of_a_refusal)
{
    const auto seen = parse_upgrade_response(as_bytes(upgrade_refusal("403 Forbidden")), rfc_key);
    EXPECT_EQ(seen.error, upgrade_error::refused);
    EXPECT_EQ(seen.status, 403U);
}

}  // namespace
}  // namespace deadair::net
