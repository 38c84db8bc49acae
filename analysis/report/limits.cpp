#include "analysis/report/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/report/json.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

std::string limits_in_words(std::span<const path_limits::limit> found)
{
    if (found.empty())
        return {};
    std::vector<std::string> parts;
    for (const auto& each : found)
        parts.push_back(printable(each.note));
    return fmt::format("Besides: {}.", fmt::join(parts, "; "));
}

std::string limits_json(store::run_id run, std::span<const path_limits::limit> found)
{
    std::string rows;
    for (const auto& each : found) {
        json_object row;
        row.field("run_id", run)
            .field("limit_kind", path_limits::to_string(each.what))
            .field("limit_value", each.value)
            .field("note", each.note);
        rows += (rows.empty() ? "\n  " : ",\n  ") + row.text();
    }
    return rows.empty() ? "[]" : "[" + rows + "\n]";
}

}  // namespace deadair::report
