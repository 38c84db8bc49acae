#include "analysis/capture/sizes.hpp"

#include "tests/unit/analysis/capture/a_connection.hpp"

namespace deadair::capture {

// An upload that a path may refuse.
class an_upload : public a_connection {
protected:
    void send(std::uint32_t size, bool answered)
    {
        client(10ms, size);
        for (const auto after : {200ms, 400ms, 800ms, 1600ms, 3200ms})
            if (!answered)
                client_again(after);
        if (answered)
            server(20ms, 0);
    }
    std::vector<mtu_hole> holes(int connections)
    {
        sizes of;
        for (int i = 0; i < connections; ++i) {
            capture one{{}, [&](const conversation& over) { of.add(over); }};
            for (const auto& each : packets())
                one.on(each);
            one.finish();
        }
        return of.holes();
    }
};

TEST_F(an_upload, that_stalls_on_large_segments_alone_shows_an_mtu_hole)
{
    hello();
    send(1300, true);
    send(1448, false);
    const auto seen = holes(2);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].passed, 1300U);
    EXPECT_EQ(seen[0].stalled, 1448U);
    EXPECT_EQ(seen[0].way, direction::to_server);
    EXPECT_EQ(seen[0].connections, 2U);
    EXPECT_TRUE(holes(1).empty()) << "one may have died of something else";
}

TEST_F(an_upload, whose_large_segments_passed_before_stalls_of_something_else)
{
    hello();
    send(1448, true);
    send(1448, false);
    EXPECT_TRUE(holes(2).empty());
}

TEST_F(an_upload, that_stalls_on_small_segments_stalls_of_something_else)
{
    hello();
    send(500, false);
    EXPECT_TRUE(holes(2).empty());
}

TEST_F(an_upload, that_begins_after_a_silence_with_the_first_large_segment_is_no_evidence_of_expiry)
{
    hello();
    client(60s, 1448);
    for (const auto after : {200ms, 400ms, 800ms, 1600ms, 3200ms})
        client_again(after);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::voided);
    EXPECT_NE(seen[0].doubt.find("1448 bytes"), std::string::npos);
}

}  // namespace deadair::capture
