#include "analysis/report/fleet.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

// A thousand hosts behind firewalls of 20 s, but for five.
class a_merged_file : public testing::Test {
protected:
    a_merged_file()
    {
        std::string pattern = testing::TempDir() + "deadair-fleet-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        auto into = store::database::open(file());
        into.together([&] {
            for (int i = 0; i < 1000; ++i)
                add(into, i);
        });
    }
    ~a_merged_file() override { std::filesystem::remove_all(folder_); }

    static void add(store::database& into, int number)
    {
        store::run one;
        one.started_at = "2026-01-31T12:00:00.000Z";
        one.client_host = fmt::format("vm{:04}", number);
        one.server_endpoint = "echo.example:7443";
        one.options_used = "{}";
        const auto id = into.begin_run(one);
        const auto low = number % 200 == 7 ? 5900ms : 19'800ms + (number % 10) * 10ms;
        std::vector<estimate::finding> found;
        for (const auto kind : {transport::tls, transport::wss})
            for (const auto way : {direction::to_client, direction::to_server}) {
                auto& each = found.emplace_back();
                each.where = {.on = {.server_port = 7443, .kind = kind}, .way = way};
                each.kind = estimate::finding_kind::timeout;
                each.low = low;
                each.high = low + 300ms;
                each.idle_timeout = low + 150ms;
                each.after_expiry = estimate::expiry::silent;
            }
        into.replace_findings(id, found);
    }

    std::filesystem::path file() const { return folder_ / "all.db"; }

    std::filesystem::path folder_;
};

TEST_F(a_merged_file, of_a_thousand_runs_names_the_five_that_stand_apart_in_a_second)
{
    const auto before = std::clock();
    const auto from = store::database::open_existing(file());
    const auto all = fleet::survey(measured_runs(from));
    const auto page = plain_text(fleet_report(all, "all.db"));
    const auto json = fleet_json(all);
    // Sanitizers make it some ten times as much.
#ifdef __OPTIMIZE__
    EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC);
#else
    EXPECT_LT(std::clock() - before, 20 * CLOCKS_PER_SEC);
#endif
    EXPECT_NE(page.find("995 of 1000 paths measured the same"), std::string::npos) << page;
    EXPECT_NE(page.find("5 stand apart"), std::string::npos);
    for (const int number : {7, 207, 407, 607, 807}) {
        const auto name = fmt::format("vm{:04}", number);
        EXPECT_NE(page.find(name + " (run "), std::string::npos) << name;
        EXPECT_NE(json.find(name), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace deadair::report
