#include "echo-server/kept_reports.hpp"

#include <gtest/gtest.h>

#include "echo-server/wire/limits.hpp"
#include "echo-server/wire/messages.hpp"

namespace deadair::echo_server {
namespace {

wire::buffer report(std::uint32_t number)
{
    return wire::encode(wire::received{.probe = number, .connection = 1, .at = {}, .after = {}});
}

std::uint32_t number_of(const wire::buffer& frame)
{
    const auto seen = wire::decode_frame(frame, wire::body_max);
    return wire::decode<wire::received>(seen.value.body)->probe;
}

TEST(kept_reports, come_out_whole_and_in_order)
{
    kept_budget all{.most = 10'000};
    kept_reports kept{all};
    kept.keep(report(1));
    kept.keep(wire::encode(wire::probe{77}));
    kept.keep(report(2));
    EXPECT_EQ(number_of(kept.take()), 1U);
    EXPECT_EQ(kept.take(), wire::encode(wire::probe{77}));
    EXPECT_EQ(number_of(kept.take()), 2U);
    EXPECT_TRUE(kept.empty());
    EXPECT_EQ(all.used, 0U);
}

TEST(kept_reports, of_one_session_are_bounded_and_the_oldest_go)
{
    kept_budget all{.most = 4 * wire::reports_kept_bytes_max};
    kept_reports kept{all};
    const auto fit = wire::reports_kept_bytes_max / report(0).size();
    for (std::uint32_t number = 0; number < fit + 10; ++number)
        kept.keep(report(number));
    EXPECT_LE(kept.size_bytes(), wire::reports_kept_bytes_max);
    EXPECT_EQ(number_of(kept.take()), 10U);
}

TEST(kept_reports, of_all_are_bounded_and_what_is_gone_makes_room)
{
    const auto size = report(0).size();
    kept_budget all{.most = 3 * size};
    kept_reports second{all};
    {
        kept_reports first{all};
        for (std::uint32_t number = 0; number < 5; ++number)
            first.keep(report(number));
        second.keep(report(9));
        EXPECT_TRUE(second.empty()) << "others have taken all of it";
        EXPECT_EQ(all.used, 3 * size);
        EXPECT_EQ(number_of(first.take()), 2U);
    }
    EXPECT_EQ(all.used, 0U);
    second.keep(report(9));
    EXPECT_EQ(number_of(second.take()), 9U);
}

}  // namespace
}  // namespace deadair::echo_server
