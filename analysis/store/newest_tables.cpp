// Whether a file holds what its version promises: nothing else is read of a file from elsewhere.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/store/schema.hpp"
#include "analysis/store/sqlite.hpp"

namespace deadair::store {

namespace {

struct stored_column {
    std::string name;
    std::string type;
    std::int64_t key{};  // its place in the primary key; 0: none
    bool operator==(const stored_column&) const = default;
};

struct table_shape {
    std::string name;
    std::vector<stored_column> columns;
};

// Of true tables, and of columns that hold what was written.
std::vector<table_shape> shapes_of(connection_to_file& file)
{
    std::vector<table_shape> all;
    auto row = file.prepare(
        "SELECT t.name, c.name, c.type, c.pk FROM pragma_table_list t, pragma_table_xinfo(t.name, "
        "t.schema) "
        "c "
        "WHERE t.schema = 'main' AND t.type = 'table' AND c.hidden = 0 "
        "AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid");
    while (row.step()) {
        if (all.empty() || all.back().name != row.text(0))
            all.push_back({.name = row.text(0), .columns = {}});
        all.back().columns.push_back(
            {.name = row.text(1), .type = row.text(2), .key = row.integer(3)});
    }
    return all;
}

std::string first_missing(const std::vector<table_shape>& wanted,
                          const std::vector<table_shape>& there)
{
    for (const auto& table : wanted) {
        const auto found = std::ranges::find(there, table.name, &table_shape::name);
        if (found == there.end())
            return "table " + table.name;
        for (const auto& each : table.columns)
            if (std::ranges::find(found->columns, each) == found->columns.end())
                return "column " + table.name + "." + each.name;
    }
    return {};
}

// Those of an empty file that was just made.
std::vector<table_shape> newest_tables()
{
    connection_to_file fresh{":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
    for (const auto* step : migrations)
        fresh.execute(step);
    return shapes_of(fresh);
}

}  // namespace

void require_newest_tables(connection_to_file& file)
{
    static const auto wanted = newest_tables();
    if (const auto missing = first_missing(wanted, shapes_of(file)); !missing.empty())
        file.refuse(
            fmt::format("has no {} as this program makes it: it is damaged, or another "
                        "program's; name another file with --db",
                        missing));
}

}  // namespace deadair::store
