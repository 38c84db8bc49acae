#include "prober/watch/plan/incident.hpp"

#include <gtest/gtest.h>

namespace deadair::watch_plan {
namespace {

using namespace std::chrono_literals;

TEST(incident, is_named_after_what_was_seen)
{
    EXPECT_EQ(kind_of(outcome::lost, true), incident_kind::missed_message);
    EXPECT_EQ(kind_of(outcome::lost, false), incident_kind::keepalive_unanswered);
    EXPECT_EQ(kind_of(outcome::reset, true), incident_kind::reset);
    EXPECT_EQ(kind_of(outcome::closed, false), incident_kind::closed);
    EXPECT_EQ(kind_of(outcome::late, true), incident_kind::late_message);
}

TEST(incident, is_put_down_to_the_settings_when_nothing_else_happened)
{
    context quiet;
    quiet.happened(incident_kind::outage, 5s);
    EXPECT_EQ(quiet.blame_for(10s, 20s), blame::settings);
    EXPECT_EQ(quiet.blame_for(1s, 4s), blame::settings);
}

TEST(incident, is_put_down_to_what_happened_since_the_connection_last_worked)
{
    context busy;
    busy.happened(incident_kind::outage, 12s);
    EXPECT_EQ(busy.blame_for(10s, 20s), blame::path);
    busy.happened(incident_kind::bindings_lost, 14s);
    EXPECT_EQ(busy.blame_for(10s, 20s), blame::firewall);
    busy.happened(incident_kind::server_restarted, 15s);
    EXPECT_EQ(busy.blame_for(10s, 20s), blame::server);
}

TEST(incident, is_put_down_to_what_the_caller_says_when_nothing_else_happened)
{
    EXPECT_EQ(context{}.blame_for(10s, 20s, blame::path), blame::path);
}

}  // namespace
}  // namespace deadair::watch_plan
