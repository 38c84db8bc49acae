#include "prober/task.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace deadair::prober {
namespace {

/// Ends when the test says that all is kept.
class errand final : public task {
public:
    explicit errand(boost::asio::io_context& io) : task{io} {}

    void finish()
    {
        end([] {});
    }
    void refuse(const std::string& why) { fail(why); }
    void all_is_kept() { over(); }

    int begun{};
    int drawn{};
    int halted{};
    bool disk_is_full{};

private:
    void begin() override { ++begun; }
    void draw() override { ++drawn; }
    void wind_up() override { finish(); }
    void halt() override { ++halted; }
    bool hangs() const override { return disk_is_full; }
};

class a_task : public testing::Test {
protected:
    a_task()
    {
        one.when_over([this] { ++told; });
        one.start();
    }

    boost::asio::io_context io{1};
    errand one{io};
    int told{};
};

TEST_F(a_task, is_shown_as_soon_as_it_runs)
{
    EXPECT_EQ(one.begun, 1);
    EXPECT_EQ(one.drawn, 1);
    EXPECT_FALSE(one.is_over());
}

TEST_F(a_task, is_over_when_all_is_kept_and_tells_once)
{
    one.finish();
    EXPECT_EQ(one.halted, 1);
    EXPECT_EQ(told, 0);
    one.all_is_kept();
    one.all_is_kept();
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(one.how().finished());
}

TEST_F(a_task, ends_once_however_often_it_is_told_to)
{
    one.finish();
    one.finish();
    one.refuse("too late");
    EXPECT_EQ(one.halted, 1);
}

TEST_F(a_task, that_was_interrupted_ends_in_order)
{
    one.interrupt();
    EXPECT_EQ(one.halted, 1);
    EXPECT_FALSE(one.is_over());
    EXPECT_TRUE(one.how().interrupted);
    EXPECT_FALSE(one.how().gave_up);
}

TEST_F(a_task, that_ends_by_itself_is_not_ended_sooner_by_an_interruption)
{
    one.finish();
    one.interrupt();
    EXPECT_FALSE(one.is_over());
    EXPECT_FALSE(one.how().interrupted);
}

TEST_F(a_task, that_hangs_as_it_ends_is_given_up_when_interrupted)
{
    one.disk_is_full = true;
    one.interrupt();
    EXPECT_FALSE(one.is_over());
    one.interrupt();
    EXPECT_TRUE(one.how().gave_up);
    EXPECT_EQ(told, 1);
}

TEST_F(a_task, that_fails_is_over_at_once_and_says_why)
{
    one.refuse("no server");
    EXPECT_EQ(told, 1);
    EXPECT_EQ(one.how().failure, "no server");
    EXPECT_FALSE(one.how().finished());
}

TEST_F(a_task, that_is_abandoned_tells_nobody)
{
    one.abandon();
    EXPECT_EQ(one.halted, 1);
    EXPECT_TRUE(one.is_over());
    one.all_is_kept();
    EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace deadair::prober
