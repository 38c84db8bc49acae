#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

std::string value_of(const recommend::recommendation& one)
{
    if (!one.value)
        return "leave unset";
    auto text = fmt::format("{:g}{}", *one.value, one.unit == "s" ? " s" : "");
    return one.low_confidence ? text + " ?" : text;
}

}  // namespace

std::optional<section> settings_section(const material& from)
{
    if (from.settings.empty())
        return std::nullopt;
    grid table{.columns = {{"setting"}, {"value", true}, {"why"}}, .rows = {}};
    for (const auto& each : from.settings)
        table.rows.push_back({std::string{to_string(each.setting)}, value_of(each), each.reason});
    section all{.id = "settings", .title = "Recommended settings", .blocks = {}};
    all.blocks.emplace_back(std::move(table));
    if (std::ranges::any_of(from.settings, &recommend::recommendation::low_confidence))
        all.blocks.emplace_back(caution{
            "what carries a question mark stands on thin evidence, or was not tried; measure "
            "it before you rely on it."});
    all.blocks.emplace_back(paragraph{"In the syntax of a product, ready to paste:"});
    all.blocks.emplace_back(
        code{fmt::format("deadair-analysis recommend --db FILE --run {} --for list", from.run.id)});
    return all;
}

}  // namespace deadair::report
