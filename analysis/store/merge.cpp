// Several files into one. What is copied follows from the schema, so that a new table or column
// needs no line here: every table is copied; a number that SQLite counts up is moved beyond those
// that are there, and so is every column of the same name, which is how tables refer to each other.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/store/handle.hpp"
#include "analysis/store/tables.hpp"

namespace deadair::store {

namespace {

/// What to add to a column, by its name.
using offsets = std::map<std::string, std::int64_t>;

offsets offsets_beyond(connection_to_file& into)
{
    offsets beyond;
    for (const auto& table : tables_of(into))
        for (const auto& each : columns_of(into, table))
            if (each.is_row_number) {
                auto row = into.prepare(fmt::format("SELECT coalesce(max({}), 0) FROM {}",
                                                    identifier(each.name), identifier(table)));
                row.step();
                // A table may share another's numbers, one row for each.
                beyond[each.name] = std::max(beyond[each.name], row.integer(0));
            }
    return beyond;
}

void refuse_duplicates(connection_to_file& into, connection_to_file& from)
{
    auto row = from.prepare("SELECT run_id, run_uuid FROM runs");
    while (row.step()) {
        auto same = into.prepare("SELECT run_id FROM runs WHERE run_uuid = ?");
        same.bind(std::string_view{row.text(1)});
        if (same.step())
            from.refuse(
                fmt::format("holds run {}, which is merged already as run {}; leave that "
                            "file out (nothing was merged)",
                            row.integer(0), same.integer(0)));
    }
}

std::string insertion(const std::string& table, const std::vector<column>& columns)
{
    std::string marks;
    for (std::size_t i = 0; i < columns.size(); ++i)
        marks += i == 0 ? "?" : ", ?";
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", identifier(table), listed(columns),
                       marks);
}

/// For each column, what to add to it.
std::vector<std::int64_t> moves(const std::vector<column>& columns, const offsets& beyond)
{
    std::vector<std::int64_t> all;
    for (const auto& each : columns) {
        const auto found = beyond.find(each.name);
        all.push_back(found == beyond.end() ? 0 : found->second);
    }
    return all;
}

/// An older file may lack the table, or columns of it; a newer one was refused before.
std::vector<column> shared_columns(connection_to_file& into, connection_to_file& from,
                                   const std::string& table)
{
    const auto there = columns_of(from, table);
    auto columns = columns_of(into, table);
    std::erase_if(columns, [&](const column& each) {
        return std::ranges::find(there, each.name, &column::name) == there.end();
    });
    return columns;
}

std::size_t copy_table(connection_to_file& into, connection_to_file& from, const std::string& table,
                       const offsets& beyond)
{
    const auto columns = shared_columns(into, from, table);
    if (columns.empty())
        return 0;
    std::size_t copied = 0;
    const auto insert = insertion(table, columns);
    const auto move = moves(columns, beyond);
    auto row = from.prepare(fmt::format("SELECT {} FROM {}", listed(columns), identifier(table)));
    for (; row.step(); ++copied) {
        auto copy = into.prepare(insert);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto at = static_cast<int>(i);
            if (row.is_integer(at))
                copy.bind(row.integer(at) + move[i]);
            else
                copy.bind_column(row, at);
        }
        copy.run();
    }
    return copied;
}

std::size_t merge_one(connection_to_file& into, const std::filesystem::path& other)
{
    connection_to_file from{other, SQLITE_OPEN_READWRITE};
    if (version_of(from) == 0)
        from.refuse("holds no run; leave it out (nothing was merged)");
    from.execute("BEGIN");  // one moment of it, should its prober still write; ends with `from`
    refuse_duplicates(into, from);
    const auto beyond = offsets_beyond(into);
    std::size_t runs = 0;
    for (const auto& table : tables_of(into)) {
        const auto copied = copy_table(into, from, table, beyond);
        if (table == "runs")
            runs = copied;
    }
    return runs;
}

}  // namespace

std::size_t database::merge(std::span<const std::filesystem::path> others)
{
    auto& into = handle_->sql;
    transaction all{into};
    // Rows come table by table; what they refer to may come later.
    into.execute("PRAGMA defer_foreign_keys = ON");
    std::size_t runs = 0;
    for (const auto& other : others)
        runs += merge_one(into, other);
    all.commit();
    return runs;
}

}  // namespace deadair::store
