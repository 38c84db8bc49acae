#include "analysis/report/uploads.hpp"

#include <gtest/gtest.h>

#include <array>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

store::upload a_dead_write()
{
    store::upload one;
    one.on.kind = transport::wss;
    one.way = transfer_direction::upload;
    one.size_bytes = 500'000;
    one.spell = idle_spell::beyond;
    one.idle_before = 23s;
    one.total = 60s;
    one.longest_stall = 60s;
    one.result = transfer_outcome::stalled;
    one.kernel_gives_up = 929s;
    return one;
}

store::upload a_good_one()
{
    store::upload one;
    one.on.kind = transport::tls;
    one.way = transfer_direction::upload;
    one.size_bytes = one.moved_bytes = 10'000'000;
    one.total = 2s;
    one.goodput_bytes_per_s = 5e6;
    one.longest_stall = 40ms;
    one.retransmitted_share = 0.0123;
    one.result = transfer_outcome::completed;
    return one;
}

void expect_all(const std::string& text, std::initializer_list<const char*> parts)
{
    for (const auto* part : parts)
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(uploads_report, a_transfer_too_short_to_time_has_no_speed)
{
    auto one = a_good_one();
    one.goodput_bytes_per_s.reset();
    EXPECT_NE(uploads_text(std::array{one}).find("too short to time"), std::string::npos);
    EXPECT_EQ(goodput_text(living_of(std::array{one})), "too short to time");
    EXPECT_NE(uploads_json(std::array{one}).find("\"goodput_bytes_per_s\": null"),
              std::string::npos);
    auto slower = a_good_one();
    slower.goodput_bytes_per_s = 1e6;
    EXPECT_EQ(goodput_text(living_of(std::array{one, slower})), "1 MB/s");
}

TEST(uploads_report, tells_goodput_stall_and_what_was_sent_again)
{
    const std::vector done{a_good_one()};
    expect_all(uploads_text(done),
               {"tls", "10 MB", "fresh", "5 MB/s", "40 ms", "1.23 %", "completed"});
    EXPECT_TRUE(dead_writes_text(done).empty());
}

TEST(uploads_report, tells_what_was_measured_of_a_dead_write_and_what_is_computed)
{
    const std::vector done{a_good_one(), a_dead_write()};
    expect_all(dead_writes_text(done),
               {"computed", "wss", "system defaults", "not within 60 s", "15 min 29 s"});
}

TEST(uploads_report, tells_who_noticed)
{
    auto one = a_dead_write();
    one.guard = write_guard::socket_timeout;
    one.guard_after = 10s;
    one.noticed = 10s;
    one.noticed_by = "socket_timeout";
    expect_all(dead_writes_text(std::vector{one}), {"socket timeout 10 s", "after 10 s"});
}

TEST(uploads_report, has_the_tables_names_in_json)
{
    expect_all(uploads_json(std::vector{a_dead_write()}),
               {R"("direction": "upload")", R"("idle_spell": "beyond")", R"("noticed_s": null)",
                R"("kernel_gives_up_s": 929)"});
}

}  // namespace
}  // namespace deadair::report
