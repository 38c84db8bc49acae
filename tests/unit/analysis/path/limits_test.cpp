#include "analysis/path/limits.hpp"

#include <gtest/gtest.h>

namespace deadair::path_limits {
namespace {

using namespace std::chrono_literals;

constexpr path tls{address_family::ipv4, 7443, transport::tls};
constexpr path other{address_family::ipv4, 7444, transport::tls};

attempt open(nanoseconds began, nanoseconds over, path on = tls)
{
    return {.on = on, .began = began, .opened = true, .over = over, .why = {}};
}

attempt failed(nanoseconds began, path on = tls)
{
    return {.on = on, .began = began, .opened = false, .over = began + 10s, .why = "no answer"};
}

TEST(limits, are_none_where_all_is_opened)
{
    const std::vector all{open(0s, 1min), open(1s, 1min), failed(2s), open(3s, 1min)};
    EXPECT_TRUE(limits_of(all, {}).empty());
}

TEST(limits, of_the_number_of_connections_are_told_by_what_stood_open_at_each_failure)
{
    std::vector<attempt> all;
    for (int i = 0; i < 9; ++i)
        all.push_back(open(i * 50ms, 20s + i * 1s));
    for (int i = 0; i < 5; ++i)
        all.push_back(failed(1s + i * 2s));
    all.push_back(open(21s, 40s));  // in the place of one that was gone
    const auto found = limits_of(all, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, kind::connections);
    EXPECT_EQ(found[0].value, 10);
    EXPECT_NE(found[0].note.find("no more than 10 connections at a time"), std::string::npos);
}

// Some fail although fewer stand open than before.
TEST(limits, of_the_rate_are_told_from_those_of_the_number)
{
    std::vector<attempt> all;
    for (int i = 0; i < 60; ++i)
        all.push_back(open(i * 50ms, i < 30 ? 8s : 60s));
    for (int i = 0; i < 5; ++i)
        all.push_back(failed(3s + i * 2s));
    all.push_back(open(24s, 60s));
    const auto found = limits_of(all, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, kind::openings);
    EXPECT_EQ(found[0].value, 60);
    EXPECT_NE(found[0].note.find("after 60 had been begun within 3 s; more slowly, others"),
              std::string::npos)
        << found[0].note;
}

TEST(limits, name_a_part_that_cannot_be_reached)
{
    const std::vector all{open(0s, 1min), failed(1s, other), failed(2s, other), open(3s, 1min)};
    const auto found = limits_of(all, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, kind::unreachable);
    EXPECT_EQ(found[0].note,
              "tls port 7444 ipv4: no connection could be opened in 2 attempts, the last: no "
              "answer");
}

transfer sent(bool upload, bool completed, std::uint64_t moved)
{
    return {.on = tls, .upload = upload, .completed = completed, .moved_bytes = moved};
}

TEST(limits, of_packets_show_where_uploads_stall_and_downloads_do_not)
{
    const std::vector hole{sent(true, false, 42), sent(true, false, 42), sent(false, true, 9000),
                           sent(false, true, 9000)};
    const auto found = limits_of({}, hole);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, kind::packets);
    EXPECT_EQ(found[0].value, 42);
    EXPECT_NE(found[0].note.find("MTU"), std::string::npos);
}

// Where the first one took all the time that there was.
TEST(limits, of_packets_show_in_one_upload_of_which_not_even_a_segment_passed)
{
    EXPECT_EQ(limits_of({}, std::vector{sent(true, false, 42)}).size(), 1U);
    EXPECT_TRUE(limits_of({}, std::vector{sent(true, false, 64000)}).empty());
}

TEST(limits, of_packets_are_none_where_an_upload_comes_through_or_nothing_does)
{
    const std::vector slow{sent(true, false, 42), sent(true, false, 42), sent(true, true, 9000),
                           sent(false, true, 9000), sent(false, true, 9000)};
    EXPECT_TRUE(limits_of({}, slow).empty());
    const std::vector dead{sent(true, false, 42), sent(true, false, 42), sent(false, false, 0),
                           sent(false, false, 0)};
    EXPECT_TRUE(limits_of({}, dead).empty());
}

TEST(limits, have_words_that_are_read_back)
{
    for (const auto each : {kind::connections, kind::openings, kind::unreachable, kind::packets})
        EXPECT_EQ(parse_kind(to_string(each)), each);
    EXPECT_FALSE(parse_kind("moods"));
}

}  // namespace
}  // namespace deadair::path_limits
