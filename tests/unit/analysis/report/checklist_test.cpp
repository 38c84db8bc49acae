#include "analysis/report/checklist.hpp"

#include <gtest/gtest.h>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

store::watch_sums a_week()
{
    store::watch_sums all;
    all.watched = 7 * 24h;
    all.messages = 5000;
    all.measurements = 28;
    return all;
}

TEST(checklist, knows_failed_uploads_once_some_were_tried)
{
    auto all = a_week();
    const auto uploads = [&] { return checklist(all)[1]; };
    EXPECT_EQ(uploads().result, mark::unknown);
    all.uploads = 300;
    EXPECT_EQ(uploads().result, mark::pass);
    all.uploads_failed = 1;
    EXPECT_EQ(uploads().result, mark::fail);
    EXPECT_EQ(result_of(checklist(all)), mark::fail);
}

TEST(checklist, passes_when_nothing_was_missed)
{
    auto all = a_week();
    EXPECT_EQ(result_of(checklist(all)), mark::pass);
}

TEST(checklist, fails_with_one_missed_message)
{
    auto all = a_week();
    all.missed = 1;
    EXPECT_EQ(result_of(checklist(all)), mark::fail);
}

TEST(checklist, fails_when_the_idle_timeout_changed)
{
    auto all = a_week();
    all.incidents[incident_kind::idle_timeout_changed] = 1;
    EXPECT_EQ(result_of(checklist(all)), mark::fail);
}

TEST(checklist, knows_nothing_before_anything_was_said)
{
    EXPECT_EQ(result_of(checklist(store::watch_sums{})), mark::unknown);
}

}  // namespace
}  // namespace deadair::report
