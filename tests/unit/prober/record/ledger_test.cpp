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
        record_.emplace(io_, into_->file(), record::listeners{}, patience{});
        ledger_.emplace(*record_, store::run{});
        store::connection opened;
        opened.connection_id = 1;
        ledger_->keep(opened);
    }
    ~a_ledger() override
    {
        ledger_.reset();
        record_.reset();
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
    std::optional<record> record_;
    std::optional<ledger> ledger_;
    static constexpr store::run_id run_ = 1;
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

TEST_F(a_ledger, knows_its_run_once_that_is_on_disk)
{
    record_->finish();
    EXPECT_EQ(ledger_->run(), run_);
    EXPECT_EQ(into_->runs().at(0).id, run_);
    ledger second{*record_, store::run{}};
    record_->finish();
    EXPECT_EQ(second.run(), 2);
}

TEST_F(a_ledger, goes_on_with_a_run_that_another_began)
{
    record_->finish();
    ledger_.reset();
    ledger again{*record_, run_};
    again.happened(1s, observation::happening::suspended, "later");
    again.end(store::run_state::finished);
    record_->finish();
    EXPECT_EQ(into_->events(run_).size(), 1U);
    EXPECT_EQ(into_->runs().at(0).state, store::run_state::finished);
}

TEST_F(a_ledger, comes_to_nothing_when_it_is_gone)
{
    bool told = false;
    settle(1);
    ledger_->when_kept([&] { told = true; });
    const bool told_before = told;  // when the thread was faster
    ledger_.reset();
    record_->finish();
    EXPECT_EQ(told, told_before);
    EXPECT_EQ(into_->probes(run_).size(), 1U);
}

}  // namespace
}  // namespace deadair::prober
