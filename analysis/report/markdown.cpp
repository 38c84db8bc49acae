#include <fmt/format.h>

#include "analysis/report/document.hpp"

namespace deadair::report {

namespace {

bool is_word(std::string_view text, std::size_t at)
{
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0);
}

// An underscore within a word means nothing to Markdown; the settings' names stay readable.
std::string quoted(std::string_view raw)
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

/// Writes each kind of block.
class markdown_writer {
public:
    void operator()(const lead& one) { text += "**" + quoted(one.text) + "**\n\n"; }
    void operator()(const paragraph& one) { text += quoted(one.text) + "\n\n"; }
    void operator()(const caution& one) { text += "> **Note:** " + quoted(one.text) + "\n\n"; }
    void operator()(const code& one) { fenced(one.text); }
    void operator()(const bullets& one);
    void operator()(const facts& one);
    void operator()(const grid& one);
    void operator()(const picture& one);

    std::string text;

private:
    void fenced(const std::string& lines) { text += "~~~\n" + lines + "\n~~~\n\n"; }
};

void markdown_writer::operator()(const bullets& one)
{
    for (const auto& each : one.items)
        text += "- " + quoted(each) + "\n";
    text += "\n";
}

void markdown_writer::operator()(const facts& one)
{
    for (const auto& each : one.items) {
        text += fmt::format("- {}: **{}**", quoted(each.name), quoted(each.value));
        text += (each.remark.empty() ? "" : ", " + quoted(each.remark)) + "\n";
    }
    text += "\n";
}

void markdown_writer::operator()(const grid& one)
{
    const bool folded = !one.folded_under.empty();
    if (folded)
        text += "<details><summary>" + quoted(one.folded_under) + "</summary>\n\n";
    std::string rule;
    for (const auto& each : one.columns) {
        text += "| " + quoted(each.head) + " ";
        rule += each.numeric ? "|---:" : "|---";
    }
    text += "|\n" + rule + "|\n";
    for (const auto& row : one.rows) {
        for (const auto& cell : row)
            text += "| " + quoted(cell) + " ";
        text += "|\n";
    }
    text += folded ? "\n</details>\n\n" : "\n";
}

void markdown_writer::operator()(const picture& one)
{
    text += "**" + quoted(one.title) + "**\n\n" + quoted(one.description) + "\n\n";
    fenced(one.plain);
}

}  // namespace

std::string markdown(const document& of)
{
    markdown_writer writer;
    writer.text = "# " + quoted(of.title) + "\n\n";
    if (!of.subtitle.empty())
        writer.text += quoted(of.subtitle) + "\n\n";
    for (const auto& each : of.sections) {
        if (!each.title.empty())
            writer.text += "## " + quoted(each.title) + "\n\n";
        for (const auto& one : each.blocks)
            std::visit(writer, one);
    }
    if (!of.footer.empty())
        writer.text += "---\n\n" + quoted(of.footer) + "\n";
    return writer.text;
}

}  // namespace deadair::report
