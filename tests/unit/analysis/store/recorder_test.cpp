#include "analysis/store/recorder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace deadair::store {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10min;

class a_recorder : public testing::Test {
protected:
    a_recorder()
    {
        std::string pattern = testing::TempDir() + "deadair-recorder-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        main_.emplace(database::open(directory_ / "results.db"));
        run begun;
        begun.started_at = "2026-01-31T12:00:00.000Z";
        run_ = main_->begin_run(begun);
    }
    ~a_recorder() override { std::filesystem::remove_all(directory_); }

    recorder::row an_event(int number) const
    {
        return [number, run = run_](database& into) {
            into.add(event{.run = run, .at = {}, .kind = "test", .detail = std::to_string(number)});
        };
    }

    std::filesystem::path directory_;
    std::optional<database> main_;
    run_id run_{};
};

TEST_F(a_recorder, keeps_rows_in_the_order_in_which_they_came)
{
    recorder one{main_->file(), patience, [] {}};
    for (int i = 0; i < 2000; ++i)
        EXPECT_EQ(one.write(an_event(i)), static_cast<std::uint64_t>(i) + 1);
    one.flush();
    EXPECT_EQ(one.kept(), 2000U);
    const auto found = main_->events(run_);
    ASSERT_EQ(found.size(), 2000U);
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_EQ(found[i].detail, std::to_string(i));
}

// The file itself, not the log beside it, holds what a watch of months writes down.
TEST_F(a_recorder, moves_rows_from_the_log_into_the_file_while_it_is_open)
{
    recorder one{main_->file(), patience, [] {}};
    constexpr std::uintmax_t enough = 4 << 20;
    const std::string text(4096, 'x');
    for (int i = 0; i < 100'000 && std::filesystem::file_size(main_->file()) < enough; ++i) {
        one.write([&text, run = run_](database& into) {
            into.add(event{.run = run, .at = {}, .kind = "test", .detail = text});
        });
        one.flush();
    }
    EXPECT_GE(std::filesystem::file_size(main_->file()), enough);
}

TEST_F(a_recorder, tells_of_rows_only_once_another_program_can_read_them)
{
    std::counting_semaphore<> told{0};
    recorder one{main_->file(), patience, [&] { told.release(); }};
    for (std::size_t i = 1; i <= 20; ++i) {
        one.write(an_event(1));
        told.acquire();
        EXPECT_EQ(one.kept(), i);
        EXPECT_EQ(main_->events(run_).size(), i);
    }
}

TEST_F(a_recorder, writes_what_waits_before_it_goes)
{
    {
        recorder one{main_->file(), patience, [] {}};
        for (int i = 0; i < 500; ++i)
            one.write(an_event(i));
    }
    EXPECT_EQ(main_->events(run_).size(), 500U);
}

TEST_F(a_recorder, never_keeps_whoever_records_waiting)
{
    std::binary_semaphore disk{0};
    recorder one{main_->file(), patience, [] {}};
    one.write([&](database&) { disk.acquire(); });
    for (int i = 0; i < 100'000; ++i)
        one.write([](database&) {});
    EXPECT_EQ(one.waiting(), 100'001U);
    disk.release();
    one.flush();
    EXPECT_EQ(one.waiting(), 0U);
}

TEST_F(a_recorder, tries_again_what_could_not_be_kept_and_loses_nothing)
{
    std::counting_semaphore<> told{0};
    std::atomic<int> tries{0};
    recorder one{main_->file(), patience, [&] { told.release(); }};
    one.write(an_event(0));
    one.write([&](database&) {
        if (++tries == 1)
            throw store_error(store_error::kind::bad_input, "it is locked", "wait for it", true);
    });
    one.write(an_event(1));
    while (one.trouble().empty())
        told.acquire();
    EXPECT_EQ(one.trouble(), "it is locked");
    one.flush();
    EXPECT_EQ(one.trouble(), "");
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(main_->events(run_).size(), 2U);
}

TEST_F(a_recorder, has_failed_when_its_patience_is_over)
{
    recorder one{main_->file(), 0s, [] {}};
    one.write([](database&) {
        throw store_error(store_error::kind::failed, "the disk is full", "free some space", true);
    });
    EXPECT_THROW(one.flush(), store_error);
}

TEST_F(a_recorder, does_not_wait_for_the_disk_when_it_must_go)
{
    std::atomic<bool> tried{false};
    recorder one{main_->file(), patience, [] {}};
    one.write([&](database&) {
        tried = true;
        throw store_error(store_error::kind::failed, "the disk is full", "free some space", true);
    });
    while (!tried)
        std::this_thread::yield();
}

TEST_F(a_recorder, says_what_failed_writes_nothing_after_it_and_leaves_what_was_written)
{
    std::atomic<int> news{0};
    recorder one{main_->file(), patience, [&] { ++news; }};
    one.write(an_event(0));
    one.flush();
    one.write([](database&) { throw store_error(store_error::kind::failed, "the disk is full"); });
    EXPECT_THROW(one.flush(), store_error);
    EXPECT_THROW((void)one.kept(), store_error);
    EXPECT_THROW(one.write(an_event(1)), store_error);
    EXPECT_EQ(main_->events(run_).size(), 1U);
}

TEST_F(a_recorder, takes_rows_of_several_parts_along_in_one_transaction)
{
    recorder one{main_->file(), patience, [] {}};
    one.write([this](database& into) {
        const std::vector<path_sample> several(3, {.run = run_, .source = "host", .name = "x"});
        into.add(several);
        into.add(several);
    });
    one.flush();
    EXPECT_EQ(main_->path_samples(run_).size(), 6U);
}

}  // namespace
}  // namespace deadair::store
