#include <fmt/format.h>

#include "analysis/report/document.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/html_style.hpp"

namespace deadair::report {

namespace {

std::string tag(std::string_view name, std::string_view style, std::string_view text)
{
    return fmt::format("<{0}{1}>{2}</{0}>\n", name,
                       style.empty() ? "" : fmt::format(R"( class="{}")", style), escaped(text));
}

/// Writes each kind of block.
class html_writer {
public:
    void operator()(const lead& one) { text += tag("p", "lead", one.text); }
    void operator()(const paragraph& one) { text += tag("p", "", one.text); }
    void operator()(const caution& one) { text += tag("p", "caution", one.text); }
    void operator()(const code& one) { text += "<pre>" + escaped_lines(one.text) + "</pre>\n"; }
    void operator()(const bullets& one);
    void operator()(const facts& one);
    void operator()(const grid& one);
    void operator()(const picture& one);

    std::string text;

private:
    static std::string escaped_lines(std::string_view lines);
    void table(const grid& one);
};

std::string html_writer::escaped_lines(std::string_view lines)
{
    std::string all;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        all += escaped(line) + "\n";
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    }
    return all;
}

void html_writer::operator()(const bullets& one)
{
    text += "<ul>\n";
    for (const auto& each : one.items)
        text += tag("li", "", each);
    text += "</ul>\n";
}

void html_writer::operator()(const facts& one)
{
    text += "<dl class=\"facts\">\n";
    for (const auto& each : one.items) {
        text += "<div>" + tag("dt", "", each.name) + tag("dd", "", each.value);
        if (!each.remark.empty())
            text += tag("dd", "remark", each.remark);
        text += "</div>\n";
    }
    text += "</dl>\n";
}

// The roles keep it a table for screen readers where the style shows cards on a telephone.
void html_writer::table(const grid& one)
{
    const auto cell = [](const char* name, const char* role, const grid::column& of,
                         std::string_view content) {
        return fmt::format(R"(<{0} role="{1}"{2} data-head="{3}">{4}</{0}>)", name, role,
                           of.numeric ? R"( class="number")" : "", escaped(of.head),
                           escaped(content));
    };
    text += R"(<table role="table"><thead role="rowgroup"><tr role="row">)";
    for (const auto& each : one.columns)
        text += cell("th", "columnheader", each, each.head);
    text += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
    for (const auto& row : one.rows) {
        text += R"(<tr role="row">)";
        for (std::size_t column = 0; column < one.columns.size(); ++column)
            text += cell("td", "cell", one.columns[column], row.at(column));
        text += "</tr>\n";
    }
    text += "</tbody></table>\n";
}

void html_writer::operator()(const grid& one)
{
    if (one.folded_under.empty()) {
        text += "<div class=\"cards\">";
        table(one);
        text += "</div>\n";
        return;
    }
    const auto name = escaped(one.folded_under);
    text += fmt::format("<details><summary>{}</summary>", name);
    text += fmt::format(R"(<div class="scroll" role="region" tabindex="0" aria-label="{}">)", name);
    table(one);
    text += "</div></details>\n";
}

void html_writer::operator()(const picture& one)
{
    text += "<figure>\n<figcaption>" + escaped(one.title) + "</figcaption>\n";
    text += "<div class=\"wide\">" + one.wide + "</div>\n";
    text += "<div class=\"narrow\">" + one.narrow + "</div>\n</figure>\n";
}

std::string heading(const document& of)
{
    // The policy is a promise: nothing that a label might smuggle in can load or run.
    return fmt::format(
        R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="deadair-analysis">
<link rel="icon" href="data:,">
<title>{0}</title>
<style>{1}</style>
</head>
<body>
<header><h1>{0}</h1><p>{2}</p></header>
<main>
)",
        escaped(of.title), html_style(), escaped(of.subtitle));
}

}  // namespace

std::string html(const document& of)
{
    html_writer writer;
    writer.text = heading(of);
    for (const auto& each : of.sections) {
        writer.text += fmt::format("<section id=\"{}\">\n", escaped(each.id));
        if (!each.title.empty())
            writer.text += tag("h2", "", each.title);
        for (const auto& one : each.blocks)
            std::visit(writer, one);
        writer.text += "</section>\n";
    }
    return writer.text + "</main>\n<footer>" + escaped(of.footer) + "</footer>\n</body>\n</html>\n";
}

}  // namespace deadair::report
