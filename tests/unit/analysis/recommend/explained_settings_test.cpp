// What is set for each kind of middlebox: nothing that kills a connection, and nothing invented.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "analysis/recommend/recommend.hpp"
#include "tests/unit/analysis/estimate/known_boxes.hpp"

namespace deadair::recommend {
namespace {

namespace boxes = estimate::boxes;
using boxes::asked;

using settings = std::vector<recommendation>;

recommendation setting(const settings& all, setting_name name)
{
    return *std::ranges::find(all, name, &recommendation::setting);
}

settings after(const std::vector<estimate::observation>& seen)
{
    return recommend(estimate::estimate(seen, {}), {});
}

// Which come too late where they exceed the shortest silence that kills.
constexpr std::array of_silence{setting_name::idle_reconnect, setting_name::tcp_keepalive_idle,
                                setting_name::websocket_ping_interval,
                                setting_name::health_check_interval};

class settings_for_box : public testing::TestWithParam<boxes::known_box> {
protected:
    void expect_harmless(const settings& all) const
    {
        const auto& truth = GetParam();
        for (const auto name : of_silence) {
            const auto one = setting(all, name);
            if (truth.death_s && one.value && !one.low_confidence) {
                EXPECT_LT(*one.value, *truth.death_s) << to_string(name) << ": " << one.reason;
            }
        }
        const auto age = setting(all, setting_name::max_connection_age);
        EXPECT_EQ(age.value.has_value(), truth.age_s.has_value()) << age.reason;
        if (age.value && truth.age_s) {
            EXPECT_LT(*age.value, *truth.age_s) << age.reason;
        }
    }
    // Keepalive, ping and a health check, unless nothing that is sent helps. A keepalive is not
    // trusted where what ends connections speaks TCP itself.
    void expect_useful(const settings& all) const
    {
        const bool helps = GetParam().death_s.has_value();
        for (const auto name : of_silence) {
            const bool trusted =
                name != setting_name::tcp_keepalive_idle || !GetParam().like.closes;
            if (name != setting_name::idle_reconnect && trusted) {
                EXPECT_EQ(setting(all, name).value.has_value(), helps)
                    << to_string(name) << ": " << setting(all, name).reason;
            }
        }
    }
};

TEST_P(settings_for_box, keep_its_connections_alive)
{
    for (unsigned seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        const auto all = after(boxes::observe(GetParam().box, GetParam().like, seed));
        expect_harmless(all);
        expect_useful(all);
    }
}

INSTANTIATE_TEST_SUITE_P(known, settings_for_box, testing::ValuesIn(boxes::known_boxes()),
                         [](const auto& of) { return of.param.name; });

TEST(settings, send_nothing_against_an_age_and_say_why)
{
    const auto all = after(boxes::observe([](const asked& one) { return one.opened_s + 12; }, {}));
    for (const auto name : {setting_name::tcp_keepalive_idle, setting_name::tcp_keepalive_count,
                            setting_name::websocket_ping_interval}) {
        const auto one = setting(all, name);
        EXPECT_FALSE(one.value);
        EXPECT_NE(one.reason.find("does not help"), std::string::npos) << one.reason;
    }
}

// Nothing is forgotten: what was survived is safe, what came late with it.
TEST(settings, are_not_frightened_by_what_is_late)
{
    using namespace std::chrono_literals;
    const auto seen = boxes::observe([](const asked& one) { return one.silent_since_s + 8; }, {});
    const auto reconnect =
        setting(after(boxes::with_late_ones(seen, 3s)), setting_name::idle_reconnect);
    EXPECT_TRUE(reconnect.value);
    EXPECT_NE(reconnect.reason.find("survived"), std::string::npos) << reconnect.reason;
    EXPECT_FALSE(
        setting(after(boxes::with_late_ones(seen, 3s)), setting_name::max_connection_age).value);
}

}  // namespace
}  // namespace deadair::recommend
