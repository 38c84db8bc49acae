#include "analysis/store/loop_thread.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "analysis/store/recorder.hpp"

namespace deadair::store {
namespace {

class a_loop : public testing::Test {
protected:
    a_loop()
    {
        std::string pattern = testing::TempDir() + "deadair-loop-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        into_.emplace(database::open(directory_ / "results.db"));
    }
    ~a_loop() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path directory_;
    std::optional<database> into_;
};

TEST_F(a_loop, may_neither_write_nor_read_nor_open)
{
    const loop_thread here;
    EXPECT_THROW(into_->begin_run({}), std::logic_error);
    EXPECT_THROW((void)into_->runs(), std::logic_error);
    EXPECT_THROW((void)database::open(directory_ / "another.db"), std::logic_error);
}

TEST_F(a_loop, may_have_a_recorder_do_it)
{
    recorder one{into_->file(), std::chrono::minutes{1}, [] {}};
    {
        const loop_thread here;
        one.write([](database& into) { into.begin_run({}); });
        one.flush();
    }
    EXPECT_EQ(into_->runs().size(), 1U);
}

TEST_F(a_loop, gives_the_thread_back_when_it_is_over)
{
    {
        const loop_thread outer;
        const loop_thread inner;
    }
    EXPECT_NO_THROW(into_->begin_run({}));
}

}  // namespace
}  // namespace deadair::store
