#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>

#include "analysis/store/store.hpp"

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

class merging : public testing::Test {
protected:
    merging()
    {
        std::string pattern = testing::TempDir() + "deadair-merge-XXXXXX";
        directory_ = mkdtemp(pattern.data());
    }
    ~merging() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path path(const std::string& name) const { return directory_ / name; }

    // Another program's hands on the file; the last column of the last row.
    static std::string ask(const std::filesystem::path& file, const std::string& sql)
    {
        sqlite3* raw = nullptr;
        EXPECT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
        std::string answer;
        const auto take = [](void* to, int count, char** values, char**) {
            const char* last = values[count - 1];
            *static_cast<std::string*>(to) = last == nullptr ? "NULL" : last;
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), take, &answer, nullptr), SQLITE_OK) << sql;
        sqlite3_close(raw);
        return answer;
    }

    /// A file with a row of each raw kind in each of so many runs.
    std::filesystem::path results(const std::string& name, int runs = 1) const
    {
        auto file = database::open(path(name));
        for (int i = 0; i < runs; ++i) {
            run started;
            started.label = fmt::format("{} {}", name, i);
            started.started_at = fmt::format("2026-01-0{}T00:00:00.000Z", i + 1);
            started.options_used = "{}";
            const auto id = file.begin_run(started);
            file.add(connection{.run = id,
                                .connection_id = 7,
                                .on = {},
                                .local_address = "a",
                                .server_address = "b",
                                .socket_options = "{}"});
            probe sent;
            sent.run = id;
            sent.probe_id = 1;
            sent.connection_id = 7;
            sent.idle_age = 5s;
            sent.verdict = 6s;
            file.add(sent);
            file.add(event{.run = id, .at = 1s, .kind = "outage_began", .detail = name});
            file.add(std::vector{path_sample{
                .run = id, .at = 1s, .source = "control", .name = "rtt_us", .value = 3}});
        }
        return path(name);
    }

    std::size_t merge(const std::vector<std::filesystem::path>& others) const
    {
        return database::open(path("all.db")).merge(others);
    }

    std::string refusal(const std::vector<std::filesystem::path>& others) const
    {
        try {
            merge(others);
        } catch (const store_error& problem) {
            EXPECT_EQ(problem.code(), exit_code::bad_usage);
            return problem.what();
        }
        return "accepted";
    }

    std::filesystem::path directory_;
};

TEST_F(merging, copies_every_run_with_all_that_belongs_to_it)
{
    EXPECT_EQ(merge({results("one.db", 2), results("two.db", 3)}), 5U);
    auto all = database::open_existing(path("all.db"));
    ASSERT_EQ(all.runs().size(), 5U);
    for (const auto& each : all.runs())
        EXPECT_EQ(all.observations(each.id).size(), 1U) << each.id;
    for (const auto* table : {"runs", "connections", "probes", "events", "path_samples"})
        EXPECT_EQ(ask(path("all.db"), fmt::format("SELECT count(DISTINCT run_id) FROM {}", table)),
                  "5")
            << table;
    EXPECT_EQ(ask(path("all.db"),
                  "SELECT count(*) FROM events JOIN runs USING (run_id) "
                  "WHERE label LIKE detail || '%'"),
              "5");
    EXPECT_EQ(ask(path("all.db"), "PRAGMA foreign_key_check"), "");
}

TEST_F(merging, keeps_what_is_there_already)
{
    results("all.db", 2);
    EXPECT_EQ(merge({results("one.db")}), 1U);
    EXPECT_EQ(database::open_existing(path("all.db")).runs().size(), 3U);
}

TEST_F(merging, names_the_newest_run_latest_wherever_it_came_from)
{
    merge({results("three.db", 3), results("one.db", 1)});
    EXPECT_EQ(database::open_existing(path("all.db")).find_run("latest").label, "three.db 2");
}

TEST_F(merging, refuses_a_run_that_is_there_and_then_merges_nothing)
{
    const auto one = results("one.db");
    merge({one});
    const auto said = refusal({results("two.db"), one});
    EXPECT_NE(said.find("one.db holds run 1, which is merged already as run 1"), std::string::npos)
        << said;
    EXPECT_EQ(database::open_existing(path("all.db")).runs().size(), 1U);
    EXPECT_NE(refusal({results("three.db"), path("three.db")}).find("merged already"),
              std::string::npos);
}

TEST_F(merging, takes_tables_along_that_it_does_not_know)
{
    const auto one = results("one.db", 2);
    database::open(path("all.db"));
    for (const auto& file : {one, path("all.db")})
        ask(file,
            "CREATE TABLE notes (note_id INTEGER PRIMARY KEY, run_id INTEGER REFERENCES runs);"
            "CREATE TABLE words (note_id INTEGER REFERENCES notes, word TEXT, weight REAL)");
    ask(path("all.db"), "INSERT INTO notes VALUES (40, NULL)");
    ask(one,
        "INSERT INTO notes VALUES (1, 2); INSERT INTO words VALUES (1, 'loose', 0.5), "
        "(1, NULL, NULL)");
    results("all.db", 1);
    merge({one});
    EXPECT_EQ(ask(path("all.db"),
                  "SELECT group_concat(note_id || ' ' || run_id || ' ' || word || ' ' || weight) "
                  "FROM notes JOIN words USING (note_id) WHERE word NOT NULL"),
              "41 3 loose 0.5");
    EXPECT_EQ(ask(path("all.db"), "SELECT count(*) FROM words WHERE weight IS NULL"), "1");
}

TEST_F(merging, takes_no_column_from_a_file_that_is_not_in_the_tables)
{
    const auto one = results("one.db");
    ask(one, "ALTER TABLE events ADD COLUMN \"run_id) VALUES (1); DROP TABLE runs; --\" TEXT");
    EXPECT_EQ(merge({one}), 1U);
    EXPECT_EQ(ask(path("all.db"), "SELECT count(*) FROM events"), "1");
    auto read = database::open_existing(one);
    std::size_t rows = 0;
    read.each_row("events", std::nullopt, [&](std::span<const cell>) { ++rows; });
    EXPECT_EQ(rows, 1U);
    EXPECT_EQ(read.runs().size(), 1U);
}

TEST_F(merging, refuses_what_is_no_result_file)
{
    ask(path("other.db"), "CREATE TABLE t (a)");
    EXPECT_NE(refusal({path("other.db")}).find("database of another program"), std::string::npos);
    const auto newer = results("newer.db");
    ask(newer, "PRAGMA user_version = 999");
    EXPECT_NE(refusal({newer}).find("written by a newer deadair"), std::string::npos);
    EXPECT_NE(refusal({path("none.db")}), "accepted");
}

TEST_F(merging, gives_every_row_of_a_table)
{
    const auto two = results("two.db", 2);
    auto file = database::open_existing(two);
    std::vector<cell> kinds;
    const auto names = file.column_names("events");
    const auto kind = std::ranges::find(names, "kind") - names.begin();
    const auto take = [&](std::span<const cell> row) {
        kinds.push_back(row[static_cast<std::size_t>(kind)]);
    };
    file.each_row("events", 2, take);
    EXPECT_EQ(kinds, std::vector<cell>{std::string{"outage_began"}});
    file.each_row("events", std::nullopt, take);
    EXPECT_EQ(kinds.size(), 3U);
    EXPECT_TRUE(file.column_names("nothing").empty());
}

}  // namespace
}  // namespace deadair::store
