#include "prober/uploads/verdict.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::uploads {
namespace {

using namespace std::chrono_literals;

// None of these transfers is opened, so nothing is told of its connection.
class nobody final : public connection_events {
    void on_joined(connection& /*here*/) override { FAIL(); }
    void on_heard(connection& /*here*/, std::uint32_t /*probe*/) override { FAIL(); }
    void on_gone(connection& /*here*/, wire::end_cause /*cause*/,
                 const std::string& /*why*/) override
    {
        FAIL();
    }
};

class verdict_test : public testing::Test {
protected:
    plan wanted_;
    run_clock clock_;
    nobody owner_;
    transfer one_{{.number = 1, .on = {}, .way = transfer_direction::upload, .size = 64'000},
                  wanted_,
                  clock_,
                  owner_};
};

TEST_F(verdict_test, is_void_where_the_connection_ended_before_the_transfer)
{
    for (const auto cause : {wire::end_cause::reset, wire::end_cause::closed}) {
        const auto seen = gone(one_, cause, "the server closed the connection", 3s);
        EXPECT_EQ(seen.result, transfer_outcome::voided);
        EXPECT_EQ(seen.at, 3s);
        EXPECT_EQ(seen.doubt,
                  "the connection ended before its transfer: the server closed the connection");
    }
}

TEST_F(verdict_test, is_void_where_the_server_refuses)
{
    one_.told(wire::transferred{.connection = 1, .how = wire::transfer_end::refused, .last = {}});
    const auto seen = ended(one_, wanted_, 2s);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->result, transfer_outcome::voided);
    EXPECT_NE(seen->doubt, "");
}

}  // namespace
}  // namespace deadair::prober::uploads
