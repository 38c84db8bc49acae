// A name out of a file from elsewhere, through what makes text of it.
#include "analysis/words/printable.hpp"
#include "analysis/report/export.hpp"
#include "analysis/report/json.hpp"
#include "analysis/words/shell.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace deadair;
    const auto text = fuzz::text_of(data, size);
    const auto line = printable(text);
    fuzz::must(printable(line) == line);
    for (std::string_view left = line; !left.empty();) {
        const auto [code, bytes] = first_character(left);
        fuzz::must(bytes > 0 && !is_command(code));
        left.remove_prefix(bytes);
    }
    const auto lines = printable_lines(text);
    fuzz::must(printable_lines(lines) == lines);
    const auto json = report::json_string(text);
    fuzz::must(printable(json) == json);
    const std::array<store::cell, 1> cells{text};
    const auto row = report::csv_line(cells);
    fuzz::must(printable_lines(row) == row);
    fuzz::must(printable(shell_word(text)) == shell_word(text));
    return 0;
}
