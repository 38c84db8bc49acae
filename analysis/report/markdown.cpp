#include <fmt/format.h>

#include "analysis/report/document.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

bool is_word(std::string_view text, std::size_t at)
{
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0);
}

// What would begin a list, a heading, a rule or a quotation at the beginning of a line.
bool begins_a_block(std::string_view text)
{
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const bool numbered =
        digits > 0 && digits < text.size() && (text[digits] == '.' || text[digits] == ')');
    return numbered ||
           (!text.empty() && std::string_view{"-+=>"}.find(text.front()) != std::string_view::npos);
}

// An underscore within a word means nothing to Markdown; the settings' names stay readable.
std::string as_markdown(std::string_view raw)
{
    constexpr std::string_view special = "\\`*[]|~#";
    const auto text = printable(raw);
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool underscore =
            text[i] == '_' && !(i > 0 && is_word(text, i - 1) && is_word(text, i + 1));
        if (text[i] == '<')
            safe += "&lt;";
        else if (text[i] == '&')
            safe += "&amp;";
        else if (underscore || special.find(text[i]) != std::string_view::npos)
            safe += {'\\', text[i]};
        else
            safe += text[i];
    }
    return safe;
}

// At the beginning of a line; a number's full stop is what makes it a list's.
std::string as_markdown_line(std::string_view raw)
{
    auto safe = as_markdown(raw);
    if (begins_a_block(safe))
        safe.insert(safe.find_first_not_of("0123456789"), 1, '\\');
    return safe;
}

/// Writes each kind of block.
class markdown_writer {
public:
    void operator()(const lead& one) { text += "**" + as_markdown(one.text) + "**\n\n"; }
    void operator()(const paragraph& one) { text += as_markdown_line(one.text) + "\n\n"; }
    void operator()(const caution& one) { text += "> **Note:** " + as_markdown(one.text) + "\n\n"; }
    void operator()(const code& one) { fenced(one.text); }
    void operator()(const bullets& one);
    void operator()(const facts& one);
    void operator()(const grid& one);
    void operator()(const picture& one);

    std::string text;

private:
    void fenced(std::string_view lines);
};

// Longer than any row of tildes within.
void markdown_writer::fenced(std::string_view lines)
{
    std::string fence = "~~~";
    while (lines.find(fence) != std::string_view::npos)
        fence += '~';
    text += fence + "\n" + printable_lines(lines) + "\n" + fence + "\n\n";
}

void markdown_writer::operator()(const bullets& one)
{
    for (const auto& each : one.items)
        text += "- " + as_markdown_line(each) + "\n";
    text += "\n";
}

void markdown_writer::operator()(const facts& one)
{
    for (const auto& each : one.items) {
        text += fmt::format("- {}: **{}**", as_markdown_line(each.name), as_markdown(each.value));
        text += (each.remark.empty() ? "" : ", " + as_markdown(each.remark)) + "\n";
    }
    text += "\n";
}

void markdown_writer::operator()(const grid& one)
{
    const bool folded = !one.folded_under.empty();
    if (folded)
        text += "<details><summary>" + as_markdown(one.folded_under) + "</summary>\n\n";
    std::string rule;
    for (const auto& each : one.columns) {
        text += "| " + as_markdown(each.head) + " ";
        rule += each.numeric ? "|---:" : "|---";
    }
    text += "|\n" + rule + "|\n";
    for (const auto& row : one.rows) {
        for (const auto& cell : row)
            text += "| " + as_markdown(cell) + " ";
        text += "|\n";
    }
    text += folded ? "\n</details>\n\n" : "\n";
}

void markdown_writer::operator()(const picture& one)
{
    text += "**" + as_markdown(one.title) + "**\n\n" + as_markdown_line(one.description) + "\n\n";
    fenced(one.plain);
}

}  // namespace

std::string markdown(const document& of)
{
    markdown_writer writer;
    writer.text = "# " + as_markdown(of.title) + "\n\n";
    if (!of.subtitle.empty())
        writer.text += as_markdown_line(of.subtitle) + "\n\n";
    for (const auto& each : of.sections) {
        if (!each.title.empty())
            writer.text += "## " + as_markdown(each.title) + "\n\n";
        for (const auto& one : each.blocks)
            std::visit(writer, one);
    }
    if (!of.footer.empty())
        writer.text += "---\n\n" + as_markdown_line(of.footer) + "\n";
    return writer.text;
}

}  // namespace deadair::report
