#include "analysis/store/held.hpp"

#include <gtest/gtest.h>

#include "analysis/store/store.hpp"

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

class a_watch : public testing::Test {
protected:
    a_watch()
    {
        std::string pattern = testing::TempDir() + "deadair-held-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        file_ = directory_ / "results.db";
    }
    ~a_watch() override { std::filesystem::remove_all(directory_); }

    static run run_of(watch_id which, const char* command)
    {
        run one;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.watch = which;
        one.command = command;
        return one;
    }

    static void hold(database& into, run_id run)
    {
        into.add(connection{.run = run,
                            .connection_id = 1,
                            .on = {},
                            .local_address = "192.0.2.2",
                            .local_port = 40'000,
                            .server_address = "198.51.100.2",
                            .opened = 1s,
                            .socket_options = "{}"});
    }

    static message some_message(run_id run, std::uint32_t number, outcome result)
    {
        return {.run = run,
                .message_id = number,
                .connection_id = 1,
                .quiet = 12s,
                .sent = 13s,
                .verdict = 14s,
                .result = result,
                .void_reason = ""};
    }

    std::filesystem::path directory_;
    std::filesystem::path file_;
    const watch wanted_{.id = 0,
                        .label = "week",
                        .client_host = "vm",
                        .server_endpoint = "echo.example:7443",
                        .started_at = "2026-01-31T12:00:00.000Z"};
};

TEST_F(a_watch, is_gone_on_with_until_it_ended)
{
    auto into = database::open(file_);
    EXPECT_FALSE(into.unfinished_watch(wanted_));
    const auto which = into.begin_watch(wanted_);
    ASSERT_TRUE(into.unfinished_watch(wanted_));
    EXPECT_EQ(into.unfinished_watch(wanted_)->id, which);
    auto other = wanted_;
    other.label = "another";
    EXPECT_FALSE(into.unfinished_watch(other));
    into.end_watch(which, "2026-02-07T12:00:00.000Z");
    EXPECT_FALSE(into.unfinished_watch(wanted_));
}

TEST_F(a_watch, adds_up_over_its_runs)
{
    auto into = database::open(file_);
    const auto which = into.begin_watch(wanted_);
    std::uint32_t number = 0;
    for (int start = 0; start < 2; ++start) {
        const auto run = into.begin_run(run_of(which, "watch"));
        hold(into, run);
        for (const auto each :
             {outcome::delivered, outcome::delivered, outcome::lost, outcome::voided})
            into.add(some_message(run, ++number, each));
        auto end = some_message(run, ++number, outcome::reset);
        end.unprompted = true;
        into.add(end);
        auto unprotected = some_message(run, ++number, outcome::lost);
        unprotected.unprotected = true;
        into.add(unprotected);
        incident noticed;
        noticed.run = run;
        noticed.kind = incident_kind::missed_message;
        into.add(noticed);
    }
    const auto measured = into.begin_run(run_of(which, "measure"));
    into.end_run(measured, run_state::finished, "2026-01-31T13:00:00.000Z", std::nullopt);
    into.begin_run(run_of(which, "measure"));

    const auto all = into.sums_of(which);
    EXPECT_EQ(all.messages, 6U);
    EXPECT_EQ(all.missed, 2U);
    EXPECT_EQ(all.ended, 2U);
    EXPECT_EQ(all.measurements, 1U);
    EXPECT_EQ(all.last_measurement, measured);
    EXPECT_EQ(all.last_measured_at, "2026-01-31T13:00:00.000Z");
    EXPECT_EQ(all.incidents.at(incident_kind::missed_message), 2U);
    EXPECT_EQ(into.incidents(which).size(), 2U);
    EXPECT_EQ(into.incidents(which).front().kind, incident_kind::missed_message);
}

TEST_F(a_watch, counts_fresh_uploads_that_somebody_can_vouch_for)
{
    auto into = database::open(file_);
    const auto which = into.begin_watch(wanted_);
    const auto run = into.begin_run(run_of(which, "uploads"));
    std::uint32_t number = 0;
    for (const auto each : {transfer_outcome::completed, transfer_outcome::stalled,
                            transfer_outcome::voided, transfer_outcome::completed}) {
        upload one;
        one.run = run;
        one.upload_id = ++number;
        one.result = each;
        if (number == 4)
            one.spell = idle_spell::beyond;
        into.add(one, {});
    }
    EXPECT_EQ(into.sums_of(which).uploads, 2U);
    EXPECT_EQ(into.sums_of(which).uploads_failed, 1U);
}

TEST_F(a_watch, is_not_the_latest_measurement)
{
    auto into = database::open(file_);
    const auto which = into.begin_watch(wanted_);
    const auto measured = into.begin_run(run_of(which, "measure"));
    into.begin_run(run_of(which, "watch"));
    const auto found = into.find_run("latest");
    EXPECT_EQ(found.id, measured);
    EXPECT_EQ(found.watch, which);
    EXPECT_EQ(found.command, "measure");
}

}  // namespace
}  // namespace deadair::store
