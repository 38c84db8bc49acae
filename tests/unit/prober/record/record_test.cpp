#include "prober/record/record.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <semaphore>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

class a_record : public testing::Test {
protected:
    a_record()
    {
        std::string pattern = testing::TempDir() + "deadair-record-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        into_.emplace(store::database::open(directory_ / "results.db"));
    }
    ~a_record() override
    {
        record_.reset();
        std::filesystem::remove_all(directory_);
    }

    void begin(patience how = {})
    {
        record_.emplace(io_, into_->file(),
                        record::listeners{
                            .failing = [this](const std::string& why) { troubles_.push_back(why); },
                            .works_again = [this](const std::string&) { ++works_again_; }},
                        how);
    }
    void run_loop_until(const bool& done)
    {
        while (!done)
            io_.run_one();
    }

    std::filesystem::path directory_;
    boost::asio::io_context io_{1};
    std::optional<store::database> into_;
    std::vector<std::string> troubles_;
    int works_again_{};
    std::optional<record> record_;
};

TEST_F(a_record, tells_at_once_when_all_is_on_disk)
{
    begin();
    bool done = false;
    record_->when_kept([&] { done = true; });
    EXPECT_TRUE(done);
}

TEST_F(a_record, keeps_the_loop_alive_for_whoever_waits)
{
    begin();
    bool done = false;
    record_->write([](store::database&) {});
    record_->when_kept([&] { done = true; });
    io_.run();
    EXPECT_TRUE(done);
}

TEST_F(a_record, throws_what_failed_for_good_out_of_the_loop)
{
    begin();
    bool told = false;
    record_->write([](store::database& into) {
        into.add(store::event{.run = 999, .at = {}, .kind = "test", .detail = ""});
    });
    const auto wait = [&] {
        record_->when_kept([&] { told = true; });  // throws already if the thread was faster
        run_loop_until(told);
    };
    EXPECT_THROW(wait(), store::store_error);
    EXPECT_FALSE(told);
}

TEST_F(a_record, answers_with_what_was_written_before)
{
    begin();
    std::size_t found = 0;
    record_->write([](store::database& into) { into.begin_run({}); });
    record_->ask<std::size_t>([](store::database& from) { return from.runs().size(); },
                              [&](std::size_t runs) { found = runs; },
                              [](const std::string& why) { FAIL() << why; });
    io_.run();
    EXPECT_EQ(found, 1U);
}

TEST_F(a_record, says_when_a_database_cannot_answer_and_goes_on)
{
    begin();
    std::string problem;
    record_->ask<int>(
        [](store::database& from) { return static_cast<int>(from.find_run("none").id); },
        [](int) { FAIL(); }, [&](const std::string& why) { problem = why; });
    record_->write([](store::database& into) { into.begin_run({}); });
    record_->finish();
    EXPECT_NE(problem, "");
    EXPECT_EQ(into_->runs().size(), 1U);
}

// Another program writes for longer than SQLite waits by itself.
TEST_F(a_record, waits_for_another_programs_lock_says_so_once_and_loses_nothing)
{
    begin();
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(into_->file().c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    bool done = false;
    record_->write([](store::database& into) { into.begin_run({}); });
    record_->when_kept([&] { done = true; });
    while (troubles_.empty())
        io_.run_one();
    EXPECT_FALSE(done);
    EXPECT_NE(troubles_[0].find("is locked by another program; what is to be written waits"),
              std::string::npos)
        << troubles_[0];
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    run_loop_until(done);
    EXPECT_EQ(troubles_.size(), 1U);
    EXPECT_EQ(works_again_, 1);
    EXPECT_EQ(into_->runs().size(), 1U);
}

TEST_F(a_record, that_may_leave_out_rows_leaves_out_those_that_are_too_many)
{
    begin({.rows_max = 10, .may_leave_out = true});
    std::binary_semaphore disk{0};
    std::atomic<int> written{0};
    record_->write([&](store::database&) { disk.acquire(); });
    for (int i = 0; i < 100; ++i)
        record_->add([&](store::database&) { ++written; });
    disk.release();
    record_->finish();
    EXPECT_EQ(written, 9);
}

TEST_F(a_record, that_may_not_has_failed)
{
    begin({.rows_max = 10});
    std::binary_semaphore writing{0};
    std::binary_semaphore disk{0};
    record_->write([&](store::database&) {
        writing.release();
        disk.acquire();
    });
    writing.acquire();  // or the row would wait beside the others
    for (int i = 0; i < 9; ++i)
        record_->add([](store::database&) {});
    EXPECT_THROW(record_->add([](store::database&) {}), store::store_error);
    disk.release();
    record_.reset();  // its thread must have left the disk before that goes
}

}  // namespace
}  // namespace deadair::prober
