#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/store/store.hpp"

namespace deadair::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A file with one run, in a folder in which nobody but its owner may write. Root, who may write
// everywhere, becomes somebody else meanwhile.
class a_file_to_be_read : public testing::Test {
protected:
    a_file_to_be_read()
    {
        std::string pattern = testing::TempDir() + "deadair-reading-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        file_ = folder_ / "what? results.db";
        auto into = database::open(file_);
        run one;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.client_host = "vm";
        one.server_endpoint = "echo.example:7443";
        one.options_used =
            R"({"transport":"tls,wss","direction":"to_client","port":"7443","family":"ipv4",)"
            R"("idle_max_s":7200,"refresh":"tcp_keepalive,data","refresh_from":"server"})";
        id_ = into.begin_run(one);
    }
    ~a_file_to_be_read() override
    {
        EXPECT_EQ(seteuid(getuid()), 0);
        fs::permissions(folder_, fs::perms::owner_all);
        fs::remove_all(folder_);
    }

    void forbid_writing()
    {
        ASSERT_EQ(chmod(file_.c_str(), 0444), 0);
        ASSERT_EQ(chmod(folder_.c_str(), 0555), 0);
        if (geteuid() == 0) {
            ASSERT_EQ(seteuid(65534), 0);
        }
    }

    fs::path folder_;
    fs::path file_;
    run_id id_{};
};

TEST_F(a_file_to_be_read, keeps_derived_rows_in_memory)
{
    forbid_writing();
    auto from = database::open_existing(file_);
    EXPECT_EQ(from.runs().size(), 1U);
    estimate::finding one;
    one.where.on.server_port = 7443;
    one.note = "kept beside the file";
    from.replace_findings(id_, std::vector{one});
    ASSERT_EQ(from.findings(id_).size(), 1U);
    EXPECT_EQ(from.findings(id_)[0].note, "kept beside the file");
    std::size_t rows = 0;
    from.each_row("findings", id_, [&](auto) { ++rows; });
    EXPECT_EQ(rows, 1U);
    EXPECT_TRUE(database::open_existing(file_).findings(id_).empty());
    EXPECT_EQ(std::distance(fs::directory_iterator{folder_}, {}), 1);
}

TEST_F(a_file_to_be_read, shows_what_a_killed_prober_left_in_the_log)
{
    // As a program leaves it that ends without closing: the rows are in the WAL alone.
    sqlite3* held = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &held), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(held,
                           "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; "
                           "UPDATE runs SET label = 'late'",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    const auto left = folder_ / "left.db";
    fs::copy_file(file_, left);
    fs::copy_file(file_.string() + "-wal", left.string() + "-wal");
    sqlite3_close(held);
    file_ = left;
    forbid_writing();
    EXPECT_EQ(database::open_existing(file_).runs().at(0).label, "late");
}

TEST_F(a_file_to_be_read, tells_what_a_run_was_asked_for)
{
    const auto wanted = database::open_existing(file_).asked_of(id_);
    ASSERT_EQ(wanted.strata.size(), 2U);
    EXPECT_EQ(describe(wanted.strata[0]), "tls to_client port 7443 ipv4");
    EXPECT_EQ(describe(wanted.strata[1]), "wss to_client port 7443 ipv4");
    EXPECT_EQ(wanted.idle_max, 2h);
    EXPECT_EQ(wanted.refreshes, (std::vector<means>{{refresh::tcp_keepalive, refresh_side::server},
                                                    {refresh::data, refresh_side::server}}));
    EXPECT_FALSE(wanted.ended_in_order);
}

}  // namespace
}  // namespace deadair::store
