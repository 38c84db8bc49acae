#include "analysis/store/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

class a_store : public testing::Test {
protected:
    a_store()
    {
        std::string pattern = testing::TempDir() + "deadair-store-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        file_ = directory_ / "results.db";
    }
    ~a_store() override { std::filesystem::remove_all(directory_); }

    // Another program's hands on the file.
    void execute(const std::filesystem::path& file, const char* sql)
    {
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
        sqlite3_close(raw);
    }

    static std::string refusal(const auto& call)
    {
        try {
            call();
        } catch (const store_error& problem) {
            EXPECT_EQ(problem.code(), exit_code::bad_usage);
            return problem.what();
        }
        return "accepted";
    }

    static run some_run(const std::string& label = "")
    {
        run one;
        one.label = label;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.client_host = "vm";
        one.server_endpoint = "echo.example:7443";
        one.program_version = "0.1.0";
        one.options_used = "{}";
        return one;
    }

    static connection some_connection(run_id run, std::uint32_t number)
    {
        return {.run = run,
                .connection_id = number,
                .on = {.server_port = 7443, .kind = transport::wss},
                .local_address = "192.0.2.2",
                .local_port = 40'000,
                .server_address = "198.51.100.2",
                .opened = 1500ms,
                .socket_options = "{}"};
    }

    static probe some_probe(run_id run, std::uint32_t number, outcome result)
    {
        probe one;
        one.run = run;
        one.probe_id = number;
        one.connection_id = 1;
        one.way = direction::to_server;
        one.idle_age = 19'900ms;
        one.idle_age_error = 2ms;
        one.sent = 21s;
        one.verdict = 23s;
        one.result = result;
        one.round_trip = 40ms;
        one.unanswered = 4;
        one.retransmitted_before = 3;
        return one;
    }

    std::filesystem::path directory_;
    std::filesystem::path file_;
};

TEST_F(a_store, gives_back_what_it_was_given)
{
    auto db = database::open(file_);
    const auto id = db.begin_run(some_run("first"));
    db.add(some_connection(id, 1));
    db.add(some_probe(id, 1, outcome::lost));
    db.end_run(id, run_state::finished, "2026-01-31T12:01:00.000Z", std::nullopt);
    const auto seen = db.observations(id);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].where.on.kind, transport::wss);
    EXPECT_EQ(seen[0].where.way, direction::to_server);
    EXPECT_EQ(seen[0].idle_age, 19'900ms);
    EXPECT_EQ(seen[0].idle_age_error, 2ms);
    EXPECT_EQ(seen[0].result, outcome::lost);
    EXPECT_EQ(seen[0].local_port, 40'000);
    EXPECT_EQ(seen[0].unanswered, 4U);
    EXPECT_EQ(seen[0].retransmitted_before, 3U);
    const auto found = db.find_run("first");
    EXPECT_EQ(found.state, run_state::finished);
    EXPECT_EQ(found.uuid.size(), 36U);
}

TEST_F(a_store, gives_raw_rows_back_in_the_order_of_events)
{
    auto db = database::open(file_);
    const auto id = db.begin_run(some_run());
    db.add(some_connection(id, 1));
    auto later = some_probe(id, 1, outcome::voided);
    later.sent = 22s;
    later.void_reason = "outage";
    db.add(later);
    db.add(some_probe(id, 2, outcome::lost));
    db.add(event{.run = id, .at = 3s, .kind = "outage_began", .detail = "no answer"});
    db.add(std::vector{
        path_sample{.run = id, .at = 4s, .source = "control", .name = "rtt_us", .value = 250}});
    EXPECT_TRUE(db.connection_ends(id).empty());
    connection_end ended;
    ended.run = id;
    ended.connection_id = 1;
    ended.client_saw = "reset";
    db.set_end(ended);

    const auto probes = db.probes(id);
    ASSERT_EQ(probes.size(), 2U);
    EXPECT_EQ(probes[0].probe_id, 2U);
    EXPECT_EQ(probes[0].round_trip, 40ms);
    EXPECT_EQ(probes[1].void_reason, "outage");
    EXPECT_EQ(db.connections(id).at(0).on, some_connection(id, 1).on);
    EXPECT_EQ(db.connection_ends(id).at(0).client_saw, "reset");
    EXPECT_EQ(db.events(id).at(0).at, 3s);
    EXPECT_EQ(db.path_samples(id).at(0).value, 250);
}

TEST_F(a_store, takes_a_verdict_back)
{
    auto db = database::open(file_);
    const auto id = db.begin_run(some_run());
    db.add(some_connection(id, 1));
    db.add(some_probe(id, 1, outcome::lost));
    db.add(some_probe(id, 1, outcome::late));
    ASSERT_EQ(db.observations(id).size(), 1U);
    EXPECT_EQ(db.observations(id)[0].result, outcome::late);
}

TEST_F(a_store, is_read_while_a_run_goes_on)
{
    auto writer = database::open(file_);
    const auto id = writer.begin_run(some_run());
    writer.add(some_connection(id, 1));
    auto reader = database::open_existing(file_);
    writer.add(some_probe(id, 1, outcome::delivered));
    EXPECT_EQ(reader.observations(id).size(), 1U);
    EXPECT_EQ(reader.runs().front().state, run_state::running);
}

TEST_F(a_store, rewrites_what_is_derived)
{
    auto db = database::open(file_);
    const auto id = db.begin_run(some_run());
    estimate::finding found;
    found.kind = estimate::finding_kind::timeout;
    found.low = 19s;
    found.high = 21s;
    found.after_expiry = estimate::expiry::reset;
    const std::vector first{found, found};
    db.replace_findings(id, first);
    found.low.reset();
    const std::vector second{found};
    db.replace_findings(id, second);
    ASSERT_EQ(db.findings(id).size(), 1U);
    EXPECT_FALSE(db.findings(id)[0].low);
    EXPECT_EQ(db.findings(id)[0].high, 21s);
    EXPECT_EQ(db.findings(id)[0].after_expiry, estimate::expiry::reset);
    const std::vector settings{recommend::recommendation{recommend::setting_name::idle_reconnect,
                                                         std::nullopt, "s", true, "why"}};
    db.replace_recommendations(id, settings);
    EXPECT_FALSE(db.recommendations(id).at(0).value);
}

TEST_F(a_store, finds_runs_by_number_by_label_and_the_latest)
{
    auto db = database::open(file_);
    EXPECT_NE(refusal([&] { (void)db.find_run("latest"); }).find("holds no run yet"),
              std::string::npos);
    const auto first = db.begin_run(some_run("vm"));
    const auto second = db.begin_run(some_run("laptop"));
    EXPECT_EQ(db.find_run("latest").id, second);
    EXPECT_EQ(db.find_run("vm").id, first);
    EXPECT_EQ(db.find_run(std::to_string(second)).id, second);
    EXPECT_NE(refusal([&] { (void)db.find_run("tablet"); }).find("'tablet'"), std::string::npos);
    db.begin_run(some_run("vm"));
    EXPECT_NE(refusal([&] { (void)db.find_run("vm"); }).find("2 runs called 'vm'"),
              std::string::npos);
}

TEST_F(a_store, refuses_files_that_are_not_ours)
{
    const auto open = [&] { (void)database::open(file_); };
    std::ofstream{file_} << "some text that is long enough to be taken for a header, or not";
    EXPECT_NE(refusal(open).find("is not a SQLite database"), std::string::npos);
    std::filesystem::remove(file_);
    execute(file_, "CREATE TABLE accounts (name)");
    EXPECT_NE(refusal(open).find("of another program"), std::string::npos);
}

TEST_F(a_store, refuses_a_file_of_a_newer_version_and_leaves_it_alone)
{
    (void)database::open(file_);
    execute(file_, "PRAGMA user_version = 99");
    EXPECT_NE(refusal([&] { (void)database::open(file_); }).find("newer deadair"),
              std::string::npos);
    EXPECT_NE(refusal([&] { (void)database::open_existing(file_); }).find("newer deadair"),
              std::string::npos);
}

TEST_F(a_store, refuses_tables_that_are_older_than_any_it_reads)
{
    (void)database::open(file_);
    execute(file_, "PRAGMA user_version = 6");
    EXPECT_NE(refusal([&] { (void)database::open(file_); }).find("older than this program reads"),
              std::string::npos);
}

TEST_F(a_store, reads_a_file_of_the_former_version_and_says_nothing_of_what_it_lacks)
{
    const auto run = database::open(file_).begin_run(some_run());
    execute(file_, "DROP TABLE refusals; DROP TABLE limits; PRAGMA user_version = 8");
    EXPECT_TRUE(database::open_existing(file_).refusals(run).empty());
    EXPECT_TRUE(database::open(file_).refusals(run).empty());
}

TEST_F(a_store, refuses_a_damaged_file)
{
    {
        auto db = database::open(file_);
        db.begin_run(some_run());
    }
    std::filesystem::resize_file(file_, 3000);
    EXPECT_NE(refusal([&] { (void)database::open(file_); }).find("is damaged"), std::string::npos);
}

TEST_F(a_store, proves_nothing_by_a_time_that_no_run_can_last)
{
    auto db = database::open(file_);
    const auto id = db.begin_run(some_run());
    db.add(some_connection(id, 1));
    db.add(some_probe(id, 1, outcome::delivered));
    execute(file_, "UPDATE probes SET idle_age_s = 1e163");
    ASSERT_EQ(db.observations(id).size(), 1U);
    EXPECT_EQ(db.observations(id).front().result, outcome::voided);
}

TEST_F(a_store, says_what_is_wrong_with_the_path)
{
    EXPECT_NE(refusal([&] { (void)database::open(directory_ / "no" / "x.db"); }).find("its folder"),
              std::string::npos);
    EXPECT_NE(refusal([&] { (void)database::open_existing(file_); }).find("there is no database"),
              std::string::npos);
}

TEST_F(a_store, makes_a_file_that_sqlite_itself_can_query)
{
    {
        auto db = database::open(file_);
        const auto id = db.begin_run(some_run());
        db.add(some_connection(id, 1));
        db.add(some_probe(id, 1, outcome::voided));
    }
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &raw), SQLITE_OK);
    sqlite3_stmt* row = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(raw, "SELECT transport, outcome, idle_age_s FROM probes", -1, &row,
                                 nullptr),
              SQLITE_OK);
    ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(row, 1)), "void");
    EXPECT_DOUBLE_EQ(sqlite3_column_double(row, 2), 19.9);
    sqlite3_finalize(row);
    sqlite3_close(raw);
}

}  // namespace
}  // namespace deadair::store
