// The table `evidence`.
#include "analysis/store/evidence.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/tables.hpp"
#include "analysis/words/names.hpp"

namespace deadair::store {

namespace {

constexpr std::array<std::string_view, 3> moment_names{"start", "end", "asked"};

}  // namespace

std::string_view to_string(evidence_moment value)
{
    return name_of(value, moment_names);
}

std::optional<evidence_moment> parse_evidence_moment(std::string_view text)
{
    return value_of<evidence_moment>(text, moment_names);
}

void database::add(const evidence& gathered)
{
    handle_->sql
        .prepare(
            "INSERT INTO evidence (run_id, at_s, moment, part, available, detail, stands_out) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(gathered.run)
        .bind(gathered.at)
        .bind(to_string(gathered.moment))
        .bind(std::string_view{gathered.part})
        .bind(std::int64_t{gathered.available})
        .bind(std::string_view{gathered.detail})
        .bind(std::string_view{fmt::format("{}", fmt::join(gathered.stands_out, "\n"))})
        .run();
}

std::vector<evidence> database::evidence_of(run_id which) const
{
    std::vector<evidence> all;
    if (!has_table(handle_->sql, "evidence"))
        return all;
    auto row = handle_->sql.prepare(
        "SELECT at_s, moment, part, available, detail, stands_out FROM evidence WHERE run_id = ? "
        "ORDER BY at_s, evidence_id");
    row.bind(which);
    while (row.step())
        all.push_back({.run = which,
                       .at = row.time(0),
                       .moment = known(parse_evidence_moment(row.text(1)), row, 1),
                       .part = row.text(2),
                       .available = row.integer(3) != 0,
                       .detail = row.text(4),
                       .stands_out = lines_of(row.text(5))});
    return all;
}

}  // namespace deadair::store
