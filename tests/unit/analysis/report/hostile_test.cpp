// Every writer, given every string that a file from elsewhere may hold where a name should be.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

#include "analysis/report/document.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/export.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/openmetrics.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {
namespace {

const std::array<std::string, 32> hostile{
    "\x1b[2J\x1b[1;1Hcleared",
    "\x1b]0;another title\x07",
    "\x1b]52;c;cm0gLXJm\x1b\\",
    "\x9b"
    "31mred",
    "\xc2\x9b"
    "31mred",
    "a\nb",
    "a\r\nX: y",
    "a\rb",
    "a\tb\vc\fd\be",
    std::string("a\0b", 3),
    "\x7f\x7f",
    "\xff\xfe\xc0\xaf",
    "\u202egpj.exe",
    "\u2066a\u2069\u2028b",
    "~~~\nrm -rf /\n~~~~\n# heading",
    "~~~",
    "```\n",
    "# heading",
    "- item",
    "1. item",
    "> said",
    "===",
    "| cell | cell |",
    "[link](http://a.example) ![picture](x) <http://a.example>",
    "</pre></svg><script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "&amp;&#60;",
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\\\",\"'\\\\\n\""};
const std::string harmless = "plain";

store::run run_called(const std::string& name)
{
    store::run one;
    one.id = 1;
    one.uuid = one.label = one.started_at = one.client_host = one.server_endpoint = name;
    one.program_version = one.options_asked = one.options_used = one.command = name;
    one.note = one.ended_at = name;
    return one;
}

document document_of(const std::string& name)
{
    return {.title = name,
            .subtitle = name,
            .sections =
                {{.id = name,
                  .title = name,
                  .blocks = {lead{name}, paragraph{name}, caution{name}, bullets{{name, name}},
                             facts{{{name, name, name}}},
                             grid{.columns = {{name}, {name, true}},
                                  .rows = {{name, name}, {name, name}}},
                             grid{.columns = {{name}}, .rows = {{name}}, .folded_under = name}}}},
            .footer = name};
}

document drawings_of(const std::string& name)
{
    drawing one{100, 20};
    one.text({1, 1}, name, "name");
    const auto svg = one.svg("id", name, name);
    return {.title = "t",
            .subtitle = "",
            .sections = {{.id = "s",
                          .title = "s",
                          .blocks = {code{name}, picture{.title = name,
                                                         .description = name,
                                                         .wide = svg,
                                                         .narrow = svg,
                                                         .plain = name}}}},
            .footer = ""};
}

estimate::finding finding_noted(const std::string& note)
{
    estimate::finding one;
    one.note = note;
    return one;
}

recommend::recommendation setting_with(const std::string& name)
{
    return {.value = 1, .unit = name, .low_confidence = true, .reason = name};
}

struct writer {
    const char* name;
    std::function<std::string(const std::string&)> write;
    bool lines_may_grow{};  ///< several lines are its business
};

const std::vector<writer>& writers()
{
    static const std::vector<writer> all{
        {"html", [](const auto& name) { return html(document_of(name)); }},
        {"html, drawings", [](const auto& name) { return html(drawings_of(name)); }, true},
        {"markdown", [](const auto& name) { return markdown(document_of(name)); }},
        {"markdown, drawings", [](const auto& name) { return markdown(drawings_of(name)); }, true},
        {"text", [](const auto& name) { return plain_text(document_of(name), 1000); }},
        {"text, drawings", [](const auto& name) { return plain_text(drawings_of(name)); }, true},
        {"runs", [](const auto& name) { return runs_text(std::array{run_called(name)}); }, true},
        {"runs, JSON", [](const auto& name) { return runs_json(std::array{run_called(name)}); }},
        {"findings",
         [](const auto& name) { return findings_text(std::array{finding_noted(name)}); }},
        {"findings, JSON",
         [](const auto& name) { return findings_json(1, std::array{finding_noted(name)}); }},
        {"settings",
         [](const auto& name) { return recommendations_text(std::array{setting_with(name)}); },
         true},
        {"settings, JSON",
         [](const auto& name) { return recommendations_json(1, std::array{setting_with(name)}); }},
        {"csv",
         [](const auto& name) {
             return csv_line(std::array<store::cell, 3>{name, std::int64_t{1}, name});
         },
         true},
        {"json lines",
         [](const auto& name) {
             return json_line(std::array{name}, std::array<store::cell, 1>{name});
         }},
        {"openmetrics",
         [](const auto& name) {
             return openmetrics(run_called(name), std::array{finding_noted(name)},
                                std::array{setting_with(name)});
         }},
    };
    return all;
}

TEST(a_writer, obeys_no_string_and_breaks_no_line_over_one)
{
    for (const auto& each : writers())
        for (const auto& name : hostile) {
            const auto text = each.write(name);
            EXPECT_EQ(text, printable_lines(text)) << each.name << ": " << name;
            const auto lines = std::ranges::count(each.write(harmless), '\n');
            EXPECT_TRUE(each.lines_may_grow || std::ranges::count(text, '\n') == lines)
                << each.name << ": " << name << "\n"
                << text;
        }
}

TEST(html, has_the_same_tags_whatever_a_string_holds)
{
    for (const auto& name : hostile)
        for (const auto write : {document_of, drawings_of}) {
            const auto page = html(write(name));
            const auto plain = html(write(harmless));
            for (const char mark : {'<', '>', '"', '\''})
                EXPECT_EQ(std::ranges::count(page, mark), std::ranges::count(plain, mark))
                    << mark << " " << name;
        }
}

// What of a page begins a block, line by line, is not for a string to decide.
std::string skeleton_of(const std::string& page)
{
    std::string marks;
    std::string fence;
    for (std::size_t at = 0; at < page.size();) {
        const auto line = page.substr(at, page.find('\n', at) - at);
        at += line.size() + 1;
        if (!fence.empty()) {
            fence = line == fence ? "" : fence;
        } else if (line.starts_with("~~~")) {
            fence = line;
            marks += '~';
        } else {
            const bool listed = line.starts_with("- ");
            const auto rest = line.substr(std::min(line.size(), line.find_first_not_of("-> ")));
            marks += line.starts_with("#") || line.starts_with("|") ? line.front() : '.';
            marks += listed ? '-' : '.';
            marks += std::string_view{"#>-+=|~`"}.find(rest.empty() ? '.' : rest.front()) ==
                             std::string_view::npos
                         ? '.'
                         : '!';
        }
    }
    return fence.empty() ? marks : marks + " open";
}

TEST(markdown, has_the_same_blocks_whatever_a_string_holds)
{
    for (const auto& name : hostile)
        for (const auto write : {document_of, drawings_of})
            EXPECT_EQ(skeleton_of(markdown(write(name))), skeleton_of(markdown(write(harmless))))
                << name << "\n"
                << markdown(write(name));
}

// RFC 4180.
std::vector<std::string> cells_of(std::string_view line)
{
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"')
            cells.back() += line[i++];
        else if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ',' && !quoted)
            cells.emplace_back();
        else if (line[i] != '\n' || quoted)
            cells.back() += line[i];
    }
    return cells;
}

TEST(csv, holds_no_formula_and_as_many_cells_as_columns)
{
    for (const auto& name : hostile) {
        const auto cells =
            cells_of(csv_line(std::array<store::cell, 3>{name, std::int64_t{-1}, name}));
        ASSERT_EQ(cells.size(), 3U) << name;
        EXPECT_EQ(cells[1], "-1");
        for (const auto& each : {cells[0], cells[2]})
            EXPECT_EQ(std::string_view{"=+-@\t\r"}.find(each.front()), std::string_view::npos)
                << each;
    }
}

// What another reader makes of JSON: SQLite's.
std::string field_a(const std::string& json)
{
    sqlite3* file = nullptr;
    sqlite3_open(":memory:", &file);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> close{file, sqlite3_close};
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(file, "SELECT json_extract(?, '$.a')", -1, &made, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement{made,
                                                                               sqlite3_finalize};
    sqlite3_bind_text(made, 1, json.data(), static_cast<int>(json.size()), SQLITE_STATIC);
    if (sqlite3_step(made) != SQLITE_ROW)
        return "no JSON";
    return {reinterpret_cast<const char*>(sqlite3_column_text(made, 0)),
            static_cast<std::size_t>(sqlite3_column_bytes(made, 0))};
}

TEST(json, gives_back_every_string_that_is_text)
{
    for (const auto& name : hostile) {
        const bool text = name.find('\0') == std::string::npos &&
                          name.find('\xff') == std::string::npos && !name.starts_with('\x9b');
        json_object row;
        row.field("a", name);
        if (text)
            EXPECT_EQ(field_a(row.text()), name);
        else
            EXPECT_NE(field_a(row.text()), "no JSON") << row.text();
    }
}

TEST(openmetrics, has_lines_of_one_form_whatever_a_string_holds)
{
    // Quotation marks that no backslash guards enclose the labels' values.
    const auto bare_quotes = [](const std::string& name) {
        const auto text = openmetrics(run_called(name), std::array{finding_noted(name)},
                                      std::array{setting_with(name)});
        std::ptrdiff_t bare = 0;
        for (std::size_t i = 0; i < text.size(); ++i)
            text[i] == '\\' ? void(++i) : void(bare += text[i] == '"' ? 1 : 0);
        return bare;
    };
    for (const auto& name : hostile)
        EXPECT_EQ(bare_quotes(name), bare_quotes("usual")) << name;
}

}  // namespace
}  // namespace deadair::report
