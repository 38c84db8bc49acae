#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/recommend/stacks.hpp"

/// What the tests of the stacks' texts share.
namespace deadair::recommend {

/// For an idle timeout of 900 s, roughly as recommend() gives them.
inline std::vector<recommendation> settings_for_900_s()
{
    const auto one = [](setting_name setting, double value, const char* unit) {
        return recommendation{setting, value, unit, false, "a reason"};
    };
    return {one(setting_name::tcp_keepalive_idle, 450, "s"),
            one(setting_name::tcp_keepalive_interval, 5, "s"),
            one(setting_name::tcp_keepalive_count, 6, "count"),
            one(setting_name::tcp_user_timeout, 479.5, "s"),
            one(setting_name::websocket_ping_interval, 450.7, "s"),
            one(setting_name::websocket_pong_timeout, 30.2, "s"),
            one(setting_name::idle_reconnect, 883.9, "s"),
            one(setting_name::write_timeout, 15.25, "s"),
            one(setting_name::health_check_interval, 450, "s"),
            one(setting_name::max_connection_age, 3600, "s"),
            one(setting_name::retry_backoff_initial, 1, "s"),
            one(setting_name::retry_backoff_max, 60, "s"),
            one(setting_name::outlast_idle, 923, "s")};
}

inline recommendation& named(std::vector<recommendation>& settings, setting_name name)
{
    return *std::ranges::find(settings, name, &recommendation::setting);
}

inline std::string text_for(std::string_view stack, const std::vector<recommendation>& settings)
{
    const auto text = settings_text(stack, settings);
    EXPECT_TRUE(text) << stack;
    return text.value_or("");
}

inline bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// The same wherever a comment was wrapped.
inline bool says(const std::string& text, std::string_view part)
{
    return holds(std::regex_replace(text, std::regex(R"(\n[ \t]*(#|//))"), ""), part);
}

/// The text for one side.
inline std::string text_as(std::string_view stack, const side& on)
{
    return settings_text(stack, settings_for_900_s(), on).value_or("");
}

}  // namespace deadair::recommend
