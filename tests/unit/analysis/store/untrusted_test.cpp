// Files that came from elsewhere: what they hold is data, whatever it says it is.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>

#include "analysis/store/sqlite.hpp"

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

class an_untrusted_file : public testing::Test {
protected:
    an_untrusted_file()
    {
        std::string pattern = testing::TempDir() + "deadair-untrusted-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        file_ = directory_ / "results.db";
        auto made = database::open(file_);
        run one;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.options_used = "{}";
        run_ = made.begin_run(one);
        made.add(connection{.run = run_,
                            .connection_id = 1,
                            .on = {},
                            .local_address = "192.0.2.2",
                            .local_port = 1,
                            .server_address = "198.51.100.2",
                            .opened = 1s,
                            .socket_options = "{}"});
        add_probe(made, 1, 5s, 7s);
    }
    ~an_untrusted_file() override { std::filesystem::remove_all(directory_); }

    void add_probe(database& to, std::uint32_t number, nanoseconds idle_age, nanoseconds sent) const
    {
        probe one;
        one.run = run_;
        one.probe_id = number;
        one.connection_id = 1;
        one.idle_age = idle_age;
        one.sent = sent;
        one.verdict = sent < nanoseconds::max() - 1s ? sent + 1s : sent;
        one.result = outcome::delivered;
        to.add(one);
    }

    void execute(const std::string& sql) const
    {
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(file_.c_str(), &raw), SQLITE_OK);
        char* says = nullptr;
        EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, &says), SQLITE_OK) << says;
        sqlite3_free(says);
        sqlite3_close(raw);
    }

    // What a command of deadair-analysis reads of a file, and writes to it.
    std::string refusal_of_all() const
    {
        try {
            auto read = database::open_existing(file_);
            for (const auto& each : read.runs()) {
                (void)read.observations(each.id);
                (void)read.probes(each.id);
                (void)read.conditions(each.id);
                read.replace_findings(each.id, {});
            }
            return "accepted";
        } catch (const store_error& problem) {
            EXPECT_EQ(problem.code(), exit_code::bad_usage) << problem.what();
            return problem.what();
        }
    }

    static constexpr const char* endless =
        "WITH RECURSIVE endless(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM endless) ";

    std::filesystem::path directory_;
    std::filesystem::path file_;
    run_id run_{};
};

TEST_F(an_untrusted_file, is_read_as_it_was_written)
{
    EXPECT_EQ(refusal_of_all(), "accepted");
}

TEST_F(an_untrusted_file, may_hold_views_and_triggers_that_never_run)
{
    execute(
        std::string{"CREATE VIEW mine AS "} + endless + "SELECT i FROM endless;" +
        "CREATE TRIGGER wipe AFTER DELETE ON findings BEGIN DELETE FROM runs; END;" +
        "CREATE TRIGGER spin AFTER DELETE ON findings BEGIN INSERT INTO events (run_id, at_s, "
        "kind, detail) " +
        "SELECT 1, i, 'x', 'x' FROM (" + endless + "SELECT i FROM endless); END;" +
        "INSERT INTO findings (run_id, transport, direction, refresh, refresh_from, server_port, "
        "family, kind, idle_timeout_s, low_s, high_s, confidence, after_expiry, delivered, "
        "not_delivered, voided, share, note) SELECT 1, 'tls', 'to_client', 'none', 'none', 1, "
        "'ipv4', 'none', "
        "NULL, NULL, NULL, 0, NULL, 0, 0, 0, 1, ''");
    EXPECT_EQ(refusal_of_all(), "accepted");
    EXPECT_EQ(database::open_existing(file_).runs().size(), 1U);
}

TEST_F(an_untrusted_file, has_tables_where_tables_belong)
{
    const std::array<std::string, 4> instead{
        std::string{"CREATE VIEW probes AS "} + endless + "SELECT i AS probe_id FROM endless",
        "CREATE VIRTUAL TABLE probes USING fts5(probe_id, outcome)",
        "CREATE TABLE probes (probe_id)",
        "CREATE TABLE probes AS SELECT * FROM kept",
    };
    execute("ALTER TABLE probes RENAME TO kept");
    for (const auto& each : instead) {
        execute(each);
        EXPECT_NE(refusal_of_all().find("probes"), std::string::npos) << refusal_of_all();
        execute(each.starts_with("CREATE VIEW") ? "DROP VIEW probes" : "DROP TABLE probes");
    }
    EXPECT_NE(refusal_of_all().find("has no table probes"), std::string::npos);
}

TEST_F(an_untrusted_file, has_columns_that_hold_what_was_written)
{
    execute(
        "ALTER TABLE events DROP COLUMN detail; ALTER TABLE events ADD COLUMN detail TEXT "
        "GENERATED ALWAYS AS (printf('%.*c', 1000000000, 'x')) VIRTUAL");
    EXPECT_NE(refusal_of_all().find("events.detail"), std::string::npos) << refusal_of_all();
}

TEST_F(an_untrusted_file, says_of_which_version_its_tables_are)
{
    for (const auto* version : {"0", "1", "-7", "2147483647"}) {
        execute(std::string{"PRAGMA user_version = "} + version);
        EXPECT_NE(refusal_of_all(), "accepted") << version;
        EXPECT_THROW((void)database::open(file_), store_error) << version;
    }
}

TEST_F(an_untrusted_file, holds_no_text_that_fills_the_memory)
{
    execute("UPDATE runs SET label = printf('%.*c', 100000000, 'x')");
    EXPECT_NE(refusal_of_all().find("a text of more than 16 MiB"), std::string::npos);
}

TEST_F(an_untrusted_file, keeps_no_reader_longer_than_its_size_explains)
{
    connection_to_file file{file_, SQLITE_OPEN_READWRITE};
    try {
        file.prepare(std::string{endless} + "SELECT max(i) FROM endless").step();
        FAIL();
    } catch (const store_error& problem) {
        EXPECT_NE(std::string{problem.what()}.find("more work to read than its size explains"),
                  std::string::npos);
    }
}

TEST_F(an_untrusted_file, is_readable_whatever_the_far_end_reported)
{
    {
        auto file = database::open(file_);
        add_probe(file, 2, 24h * 365 * 5, 7s);
        add_probe(file, 3, -5s, 7s);
        add_probe(file, 4, 5s, -24h * 365 * 5);
        add_probe(file, 5, nanoseconds::max(), nanoseconds::max());
        add_probe(file, 6, nanoseconds::min(), nanoseconds::min());
    }
    EXPECT_EQ(refusal_of_all(), "accepted");
    const auto merged = directory_ / "merged.db";
    (void)database::open(merged).merge(std::array{file_});
    for (const auto& each : {file_, merged}) {
        const auto seen = database::open_existing(each).observations(1);
        ASSERT_EQ(seen.size(), 6U);
        EXPECT_EQ(std::ranges::count(seen, outcome::voided, &estimate::observation::result), 5);
    }
}

}  // namespace
}  // namespace deadair::store
