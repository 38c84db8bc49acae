#include <gtest/gtest.h>

#include "analysis/store/store.hpp"

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

TEST(hops_rows, come_back_as_they_were_written)
{
    const auto file = testing::TempDir() + "hops.db";
    std::filesystem::remove(file);
    auto kept = database::open(file);
    run begun;
    begun.started_at = "2026-01-31T12:00:00.000Z";
    begun.options_used = "{}";
    const auto of = kept.begin_run(begun);
    EXPECT_FALSE(kept.hops_of(of).verdict);
    hops_found all;
    all.run = of;
    all.way = {{.number = 1, .address = "192.0.2.1"}, {.number = 2}};
    all.boxes = {{.nearest = 3,
                  .farthest = 4,
                  .low = 8s,
                  .high = 9s,
                  .seen_from = refresh_side::client,
                  .remark = "or another"}};
    all.verdict = hop_verdict{.longest = 17s,
                              .untold = "",
                              .remarks = {"one", "two"},
                              .control_endpoint = "other:1",
                              .control = control_path::forgets_earlier,
                              .control_shared_hops = 3};
    kept.add(all);
    connection opened;
    opened.run = of;
    opened.connection_id = 5;
    opened.socket_options = "{}";
    kept.add(opened);
    kept.add(hop_probe{.run = of,
                       .hop_probe_id = 1,
                       .connection_id = 5,
                       .from = refresh_side::server,
                       .hops = 2,
                       .idle_age = 10s,
                       .result = outcome::lost});
    const auto back = kept.hops_of(of);
    EXPECT_EQ(back.way, all.way);
    EXPECT_EQ(back.boxes, all.boxes);
    ASSERT_TRUE(back.verdict);
    EXPECT_EQ(back.verdict->longest, 17s);
    EXPECT_EQ(back.verdict->remarks, all.verdict->remarks);
    EXPECT_EQ(back.verdict->control_endpoint, "other:1");
    EXPECT_EQ(back.verdict->control, control_path::forgets_earlier);
    EXPECT_EQ(back.verdict->control_shared_hops, 3);
    EXPECT_EQ(back.connections, std::vector<std::uint32_t>{5});
}

TEST(hops_rows, of_a_watch_are_those_of_the_latest_run_that_names_a_box)
{
    const auto file = testing::TempDir() + "hops-of-a-watch.db";
    std::filesystem::remove(file);
    auto kept = database::open(file);
    run begun;
    begun.started_at = "2026-01-31T12:00:00.000Z";
    begun.options_used = "{}";
    begun.watch = kept.begin_watch({.label = "",
                                    .client_host = "here",
                                    .server_endpoint = "there:1",
                                    .started_at = begun.started_at});
    EXPECT_TRUE(kept.latest_boxes(*begun.watch).boxes.empty());
    for (const int place : {2, 4}) {
        hops_found all;
        all.run = kept.begin_run(begun);
        all.boxes = {{.nearest = place,
                      .farthest = place,
                      .low = 8s,
                      .high = 9s,
                      .seen_from = refresh_side::both}};
        all.verdict.emplace();
        kept.add(all);
    }
    (void)kept.begin_run(begun);  // names none
    EXPECT_EQ(kept.latest_boxes(*begun.watch).boxes.at(0).nearest, 4);
}

}  // namespace
}  // namespace deadair::store
