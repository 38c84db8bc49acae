#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/document.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

/// Writes each kind of block, with an empty line after it.
class text_writer {
public:
    explicit text_writer(std::size_t width) : width_{width} {}

    void operator()(const lead& one) { lines(one.text, "", ""); }
    void operator()(const paragraph& one) { lines(one.text, "", ""); }
    void operator()(const caution& one) { lines("Note: " + one.text, "! ", "! "); }
    void operator()(const code& one) { text += printable_lines(one.text) + "\n\n"; }
    void operator()(const bullets& one);
    void operator()(const facts& one);
    void operator()(const grid& one);
    void operator()(const picture& one);
    void title(std::string_view words, char underline);
    void lines(std::string_view words, const std::string& first, const std::string& rest);

    std::string text;

private:
    std::size_t width_;
};

void text_writer::lines(std::string_view words, const std::string& first, const std::string& rest)
{
    const auto* before = &first;
    for (const auto& each : wrapped(printable(words), width_ - rest.size())) {
        text += *before + each + "\n";
        before = &rest;
    }
    text += "\n";
}

void text_writer::title(std::string_view words, char underline)
{
    const auto line = printable(words);
    text += line + "\n" + std::string(std::min(line.size(), width_), underline) + "\n\n";
}

void text_writer::operator()(const bullets& one)
{
    for (const auto& each : one.items) {
        lines(each, "- ", "  ");
        text.pop_back();
    }
    text += "\n";
}

void text_writer::operator()(const facts& one)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : one.items)
        rows.push_back({each.name, each.value, each.remark});
    text += table({"", "", ""}, rows, width_).substr(1) + "\n";
}

void text_writer::operator()(const grid& one)
{
    if (!one.folded_under.empty())
        return lines(one.folded_under + ": shown in HTML and Markdown", "", "");
    std::vector<std::string> heads;
    for (const auto& each : one.columns)
        heads.push_back(each.head);
    text += table(heads, one.rows, width_) + "\n";
}

void text_writer::operator()(const picture& one)
{
    lines(one.title, "", "");
    text += printable_lines(one.plain) + "\n\n";
}

}  // namespace

std::string plain_text(const document& of, std::size_t width)
{
    text_writer writer{width};
    writer.title(of.title, '=');
    if (!of.subtitle.empty())
        writer.lines(of.subtitle, "", "");
    for (const auto& each : of.sections) {
        if (!each.title.empty())
            writer.title(each.title, '-');
        for (const auto& one : each.blocks)
            std::visit(writer, one);
    }
    if (!of.footer.empty())
        writer.lines(of.footer, "", "");
    writer.text.pop_back();
    return writer.text;
}

}  // namespace deadair::report
