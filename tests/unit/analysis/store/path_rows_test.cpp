// What a run writes down of the path: uploads with their progress, samples, evidence.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>

#include "analysis/store/schema.hpp"
#include "analysis/store/store.hpp"

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

class path_rows : public testing::Test {
protected:
    path_rows()
    {
        std::string pattern = testing::TempDir() + "deadair-path-XXXXXX";
        directory_ = mkdtemp(pattern.data());
    }
    ~path_rows() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path path(const char* name) const { return directory_ / name; }

    static run_id begin(database& into, const char* command = "uploads")
    {
        run one;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.server_endpoint = "echo.example:7443";
        one.command = command;
        return into.begin_run(one);
    }

    static upload stalled(run_id run, std::uint32_t number)
    {
        upload one;
        one.run = run;
        one.upload_id = number;
        one.on = {.family = address_family::ipv6, .server_port = 7443, .kind = transport::wss};
        one.local_port = 40'000;
        one.way = transfer_direction::upload;
        one.size_bytes = 10'000'000;
        one.spell = idle_spell::beyond;
        one.idle_timeout = 4s;
        one.idle_before = 4500ms;
        one.guard = write_guard::socket_timeout;
        one.guard_after = 3s;
        one.started = 5s;
        one.total = 3100ms;
        one.moved_bytes = 70'000;
        one.goodput_bytes_per_s = 22'580.5;
        one.longest_stall = 3s;
        one.sent_bytes = 140'000;
        one.retransmitted_share = 0.5;
        one.rtt = 40ms;
        one.rtt_variation = 5ms;
        one.rto = 240ms;
        one.result = transfer_outcome::stalled;
        one.accepted = 20ms;
        one.noticed = 3100ms;
        one.noticed_by = "socket_timeout";
        one.kernel_gives_up = 924600ms;
        return one;
    }

    static upload_progress moment(nanoseconds at, std::uint64_t moved)
    {
        return {.at = at,
                .moved_bytes = moved,
                .unsent_bytes = 1'000,
                .sent_bytes = 2 * moved,
                .retransmitted_bytes = moved,
                .congestion_window_segments = 10,
                .rtt = 40ms,
                .rto = 240ms,
                .busy = 100ms,
                .receiver_limited = 10ms,
                .buffer_limited = 20ms};
    }

    static evidence routes(run_id run, evidence_moment when)
    {
        return {.run = run,
                .at = 1500ms,
                .moment = when,
                .part = "routes",
                .available = false,
                .detail = "10.0.0.0/8 on eth0\n",
                .stands_out = {"there is no default route", "the gateway does not answer"}};
    }

    static void fill(database& into, run_id run)
    {
        const std::vector progress{moment(5100ms, 1), moment(5200ms, 70'000)};
        into.add(stalled(run, 1), progress);
        into.add(std::vector{path_sample{
            .run = run, .at = 1s, .source = "host", .name = "sent_segments", .value = 7}});
        into.add(routes(run, evidence_moment::start));
    }

    std::vector<run_id> runs_with(database& from, const std::string& table)
    {
        std::vector<run_id> all;
        const auto columns = from.column_names(table);
        const auto at = std::ranges::find(columns, "run_id") - columns.begin();
        from.each_row(table, std::nullopt, [&](std::span<const cell> row) {
            all.push_back(std::get<std::int64_t>(row[static_cast<std::size_t>(at)]));
        });
        std::ranges::sort(all);
        return all;
    }

    std::filesystem::path directory_;
};

TEST_F(path_rows, give_back_an_upload_with_every_figure)
{
    auto file = database::open(path("results.db"));
    const auto id = begin(file);
    fill(file, id);
    const auto all = file.uploads(id);
    ASSERT_EQ(all.size(), 1U);
    const auto& seen = all.front();
    const auto given = stalled(id, 1);
    EXPECT_EQ(seen.on, given.on);
    EXPECT_EQ(std::tie(seen.upload_id, seen.local_port, seen.way, seen.size_bytes, seen.spell,
                       seen.guard, seen.result, seen.moved_bytes),
              std::tie(given.upload_id, given.local_port, given.way, given.size_bytes, given.spell,
                       given.guard, given.result, given.moved_bytes));
    EXPECT_EQ(std::tie(seen.idle_timeout, seen.idle_before, seen.guard_after, seen.started,
                       seen.total, seen.longest_stall, seen.rtt, seen.rtt_variation, seen.rto,
                       seen.accepted, seen.noticed, seen.kernel_gives_up),
              std::tie(given.idle_timeout, given.idle_before, given.guard_after, given.started,
                       given.total, given.longest_stall, given.rtt, given.rtt_variation, given.rto,
                       given.accepted, given.noticed, given.kernel_gives_up));
    EXPECT_EQ(std::tie(seen.goodput_bytes_per_s, seen.sent_bytes, seen.retransmitted_share,
                       seen.noticed_by, seen.void_reason),
              std::tie(given.goodput_bytes_per_s, given.sent_bytes, given.retransmitted_share,
                       given.noticed_by, given.void_reason));
}

TEST_F(path_rows, give_back_what_nobody_knows_as_nothing)
{
    auto file = database::open(path("results.db"));
    upload voided;
    voided.run = begin(file);
    voided.upload_id = 3;
    voided.on.server_port = 7443;
    voided.result = transfer_outcome::voided;
    voided.void_reason = "interrupted";
    file.add(voided, {});
    const auto seen = file.uploads(voided.run).at(0);
    EXPECT_EQ(seen.result, transfer_outcome::voided);
    EXPECT_EQ(seen.void_reason, "interrupted");
    EXPECT_FALSE(seen.idle_timeout || seen.guard_after || seen.sent_bytes || seen.rtt ||
                 seen.retransmitted_share || seen.accepted || seen.noticed || seen.kernel_gives_up);
    EXPECT_EQ(seen.noticed_by, "");
}

TEST_F(path_rows, give_back_the_progress_of_an_upload_in_order)
{
    auto file = database::open(path("results.db"));
    const auto id = begin(file);
    fill(file, id);
    const auto all = file.progress_of(id, 1);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].at, 5200ms);
    EXPECT_EQ(all[1].moved_bytes, 70'000U);
    EXPECT_EQ(all[1].sent_bytes, 140'000U);
    EXPECT_EQ(all[1].retransmitted_bytes, 70'000U);
    EXPECT_EQ(all[1].unsent_bytes, 1'000U);
    EXPECT_EQ(all[1].congestion_window_segments, 10U);
    EXPECT_EQ(all[1].rto, 240ms);
    EXPECT_EQ(all[1].receiver_limited, 10ms);
    EXPECT_TRUE(file.progress_of(id, 2).empty());
}

TEST_F(path_rows, give_back_evidence_with_its_moment_and_what_stands_out)
{
    auto file = database::open(path("results.db"));
    const auto id = begin(file, "evidence");
    for (const auto when : {evidence_moment::start, evidence_moment::end, evidence_moment::asked}) {
        file.add(routes(id, when));
        EXPECT_EQ(parse_evidence_moment(to_string(when)), when);
    }
    const auto all = file.evidence_of(id);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[1].moment, evidence_moment::end);
    EXPECT_EQ(all[1].at, 1500ms);
    EXPECT_EQ(all[1].part, "routes");
    EXPECT_FALSE(all[1].available);
    EXPECT_EQ(all[1].detail, "10.0.0.0/8 on eth0\n");
    EXPECT_EQ(all[1].stands_out, routes(id, evidence_moment::end).stands_out);
}

TEST_F(path_rows, are_merged_with_their_runs)
{
    for (const auto* name : {"one.db", "two.db"}) {
        auto file = database::open(path(name));
        fill(file, begin(file));
        fill(file, begin(file));
    }
    auto all = database::open(path("all.db"));
    EXPECT_EQ(all.merge(std::vector{path("one.db"), path("two.db")}), 4U);
    const std::vector<run_id> once{1, 2, 3, 4};
    EXPECT_EQ(runs_with(all, "uploads"), once);
    EXPECT_EQ(runs_with(all, "path_samples"), once);
    EXPECT_EQ(runs_with(all, "evidence"), once);
    EXPECT_EQ(runs_with(all, "upload_progress"), (std::vector<run_id>{1, 1, 2, 2, 3, 3, 4, 4}));
    EXPECT_EQ(all.progress_of(4, 1).size(), 2U);
    EXPECT_EQ(all.evidence_of(4).at(0).stands_out.size(), 2U);
}

TEST_F(path_rows, are_exported_run_by_run)
{
    auto file = database::open(path("results.db"));
    fill(file, begin(file));
    const auto second = begin(file);
    fill(file, second);
    for (const auto* table : {"uploads", "upload_progress", "path_samples", "evidence"}) {
        std::size_t rows = 0;
        file.each_row(table, second, [&](std::span<const cell> row) {
            ++rows;
            EXPECT_EQ(row.size(), file.column_names(table).size());
        });
        EXPECT_EQ(rows, std::string{"upload_progress"} == table ? 2U : 1U) << table;
    }
}

TEST_F(path_rows, of_evidence_leave_the_latest_run_to_what_says_more)
{
    auto file = database::open(path("results.db"));
    const auto asked = begin(file, "evidence");
    EXPECT_EQ(file.find_run("latest").id, asked);
    const auto uploads = begin(file, "uploads");
    begin(file, "evidence");
    EXPECT_EQ(file.find_run("latest").id, uploads);
    const auto measured = begin(file, "measure");
    begin(file, "uploads");
    begin(file, "evidence");
    EXPECT_EQ(file.find_run("latest").id, measured);
}

}  // namespace
}  // namespace deadair::store
