// Settings as a sentence, and as a table with their reasons.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/report/results.hpp"
#include "analysis/report/table.hpp"

namespace deadair::report {

namespace {

/// A setting that most programs have, and how people say it.
constexpr std::array<std::pair<recommend::setting_name, std::string_view>, 3> usual_settings{
    {{recommend::setting_name::tcp_keepalive_idle, "TCP keepalive after"},
     {recommend::setting_name::websocket_ping_interval, "WebSocket ping every"},
     {recommend::setting_name::idle_reconnect, "reuse no connection idle for"}}};

}  // namespace

std::string settings_in_words(std::span<const recommend::recommendation> settings)
{
    std::vector<const recommend::recommendation*> given;
    std::vector<std::string> parts;
    for (const auto& [name, words] : usual_settings) {
        const auto one = std::ranges::find(settings, name, &recommend::recommendation::setting);
        if (one == settings.end() || !one->value)
            continue;
        given.push_back(&*one);
        parts.push_back(fmt::format("{} {:g} s", words, *one->value));
    }
    if (parts.empty())
        return "No setting follows from it yet.";
    const auto is_thin = [](const auto* one) { return one->low_confidence; };
    if (std::ranges::all_of(given, is_thin))
        return fmt::format("{} (on thin evidence).", fmt::join(parts, ", "));
    // What stands on less than the others is what was not tried.
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i] += is_thin(given[i]) ? " (not tried)" : "";
    return fmt::format("{}.", fmt::join(parts, ", "));
}

std::string recommendations_text(std::span<const recommend::recommendation> settings,
                                 std::size_t width)
{
    if (settings.empty())
        return "No setting follows from this run.\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : settings) {
        std::string value = "leave unset";
        if (each.value)
            value = each.unit == "s" ? fmt::format("{:g} s", *each.value)
                                     : fmt::format("{:g}", *each.value);
        if (each.low_confidence)
            value += " ?";
        rows.push_back({std::string{to_string(each.setting)}, value, each.reason});
    }
    auto text = table({"setting", "value", "why"}, rows, width);
    if (std::ranges::any_of(settings, &recommend::recommendation::low_confidence))
        text += "\n?: on thin evidence, or not tried; measure it before you rely on it.\n";
    return text;
}

}  // namespace deadair::report
