#include "analysis/store/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/store/handle.hpp"

namespace deadair::store {

std::vector<std::string> tables_of(connection_to_file& file)
{
    std::vector<std::string> names;
    auto row = file.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "ORDER BY rowid");
    while (row.step())
        names.push_back(row.text(0));
    return names;
}

bool has_table(connection_to_file& file, std::string_view table)
{
    auto row = file.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    row.bind(table);
    return row.step();
}

std::vector<column> columns_of(connection_to_file& file, const std::string& table)
{
    std::vector<column> columns;
    int keys = 0;
    auto row = file.prepare("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid");
    row.bind(std::string_view{table});
    while (row.step()) {
        keys += row.integer(2) != 0 ? 1 : 0;
        columns.push_back({row.text(0), row.text(1) == "INTEGER" && row.integer(2) != 0});
    }
    if (keys != 1)
        for (auto& each : columns)
            each.is_row_number = false;
    return columns;
}

std::string identifier(std::string_view name)
{
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"')
            text += c;
        text += c;
    }
    return text + "\"";
}

std::string listed(const std::vector<column>& columns)
{
    std::string text;
    for (const auto& each : columns)
        text += (text.empty() ? "" : ", ") + identifier(each.name);
    return text;
}

std::vector<std::string> database::table_names() const
{
    return tables_of(handle_->sql);
}

std::vector<std::string> database::column_names(const std::string& table) const
{
    std::vector<std::string> names;
    for (auto& each : columns_of(handle_->sql, table))
        names.push_back(std::move(each.name));
    return names;
}

namespace {

cell cell_of(const statement& row, int column)
{
    if (row.is_null(column))
        return std::monostate{};
    if (row.is_integer(column))
        return row.integer(column);
    if (row.is_real(column))
        return row.real(column);
    return row.text(column);
}

}  // namespace

void database::each_row(const std::string& table, std::optional<run_id> of,
                        const std::function<void(std::span<const cell>)>& take) const
{
    const auto columns = columns_of(handle_->sql, table);
    const bool by_run = of && std::ranges::find(columns, "run_id", &column::name) != columns.end();
    auto row =
        handle_->sql.prepare(fmt::format("SELECT {} FROM {}{}", listed(columns), identifier(table),
                                         by_run ? " WHERE run_id = ?" : ""));
    if (by_run)
        row.bind(*of);
    std::vector<cell> cells(columns.size());
    while (row.step()) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            cells[i] = cell_of(row, static_cast<int>(i));
        take(cells);
    }
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> all;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        all.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

}  // namespace deadair::store
