#include "analysis/report/export.hpp"

#include <fmt/format.h>

#include "analysis/report/json.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

// A spreadsheet takes a cell that begins so for a formula, and runs it
// (https://owasp.org/www-community/attacks/CSV_Injection).
std::string without_formula(const std::string& text)
{
    const bool formula =
        !text.empty() && std::string_view{"=+-@"}.find(text.front()) != std::string_view::npos;
    return formula ? "'" + text : text;
}

std::string quoted(const std::string& raw)
{
    const auto text = without_formula(printable_lines(raw));
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string cell = "\"";
    for (const char c : text) {
        if (c == '"')
            cell += '"';
        cell += c;
    }
    return cell + "\"";
}

struct as_csv {
    std::string operator()(std::monostate /*null*/) const { return {}; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{:.10g}", value); }
    std::string operator()(const std::string& value) const { return quoted(value); }
};

struct into_json {
    json_object& row;
    std::string_view name;

    void operator()(std::monostate /*null*/) const { row.raw(name, "null"); }
    void operator()(const auto& value) const { row.field(name, value); }
};

}  // namespace

std::string csv_line(std::span<const store::cell> cells)
{
    std::string line;
    for (const auto& each : cells)
        line += (&each == cells.data() ? "" : ",") + std::visit(as_csv{}, each);
    return line + "\n";
}

std::string csv_line(std::span<const std::string> names)
{
    return fmt::format("{}\n", fmt::join(names, ","));
}

std::string json_line(std::span<const std::string> names, std::span<const store::cell> cells)
{
    json_object row;
    for (std::size_t i = 0; i < names.size(); ++i)
        std::visit(into_json{row, names[i]}, cells[i]);
    return row.text() + "\n";
}

}  // namespace deadair::report
