#include "prober/record/ledger.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

class a_ledger : public testing::Test {
protected:
    a_ledger()
    {
        std::string pattern = testing::TempDir() + "deadair-ledger-XXXXXX";
        directory_ = mkdtemp(pattern.data());
        into_.emplace(store::database::open(directory_ / "results.db"));
        store::run begun;
        begun.started_at = "2026-01-31T12:00:00.000Z";
        run_ = into_->begin_run(begun);
        store::connection opened;
        opened.run = run_;
        opened.connection_id = 1;
        into_->add(opened);
        ledger_.emplace(io_, *into_, run_);
    }
    ~a_ledger() override
    {
        ledger_.reset();
        std::filesystem::remove_all(directory_);
    }

    void settle(std::uint32_t number)
    {
        flight probe;
        probe.probe = number;
        probe.connection = 1;
        ledger_->settled(probe, outcome::delivered, 2s);
    }
    void run_loop_until(const bool& done)
    {
        const auto keep_on = boost::asio::make_work_guard(io_);
        while (!done)
            io_.run_one();
    }

    std::filesystem::path directory_;
    boost::asio::io_context io_{1};
    std::optional<store::database> into_;
    std::optional<ledger> ledger_;
    store::run_id run_{};
};

TEST_F(a_ledger, tells_of_an_outcome_once_it_is_on_disk)
{
    bool done = false;
    std::vector<std::size_t> on_disk;
    for (std::uint32_t number = 1; number <= 100; ++number) {
        settle(number);
        ledger_->when_kept([&, number] {
            on_disk.push_back(into_->probes(run_).size());
            EXPECT_GE(on_disk.back(), number);
            done = number == 100;
        });
    }
    run_loop_until(done);
    EXPECT_EQ(on_disk.size(), 100U);
}

TEST_F(a_ledger, tells_at_once_when_all_is_on_disk)
{
    bool done = false;
    ledger_->when_kept([&] { done = true; });
    EXPECT_TRUE(done);
}

TEST_F(a_ledger, throws_what_could_not_be_written_out_of_the_loop)
{
    constexpr store::run_id unknown = 999;
    ledger_.emplace(io_, *into_, unknown);
    bool told = false;
    ledger_->happened(1s, "test", "of a run that is not there");
    const bool never = false;
    EXPECT_THROW(run_loop_until(never), store::store_error);
    EXPECT_THROW(ledger_->when_kept([&] { told = true; }), store::store_error);
    EXPECT_FALSE(told);
}

TEST_F(a_ledger, comes_to_nothing_when_it_is_gone)
{
    bool told = false;
    settle(1);
    ledger_->when_kept([&] { told = true; });
    const bool told_before = told;  // when the thread was faster
    ledger_.reset();
    io_.run();
    EXPECT_EQ(told, told_before);
    EXPECT_EQ(into_->probes(run_).size(), 1U);
}

}  // namespace
}  // namespace deadair::prober
