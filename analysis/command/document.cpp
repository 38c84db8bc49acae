#include "analysis/command/document.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "analysis/host/terminal.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/sink.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

void add_document_options(po::options_description& add, const char* formats)
{
    add.add_options()("format", po::value<std::string>()->value_name("FORMAT"), formats)(
        "output", po::value<std::string>()->value_name("FILE"),
        "write there, whole or not at all, instead of printing");
}

std::string document_format(const po::variables_map& given, const std::vector<std::string>& known,
                            const std::string& otherwise)
{
    if (given.count("format") == 0)
        return otherwise;
    const auto& asked = given["format"].as<std::string>();
    if (std::ranges::find(known, asked) == known.end())
        throw usage_error(
            fmt::format("--format '{}' is not one of {}", asked, fmt::join(known, ", ")));
    return asked;
}

std::string written(const report::document& what, const std::string& format)
{
    return format == "html" ? report::html(what)
           : format == "markdown"
               ? report::markdown(what)
               : report::plain_text(what, host::line_width(STDOUT_FILENO, report::wide));
}

void put_out(const po::variables_map& given, const std::string& text)
{
    if (given.count("output") == 0) {
        report::sink output;
        output.put(text);
        return output.finish();
    }
    const auto& file = given["output"].as<std::string>();
    report::sink output{file};
    output.put(text);
    output.finish();
    fmt::print(stderr, "deadair-analysis: wrote {}\n", file);
}

void require_findings(const store::run& which, std::span<const estimate::finding> found)
{
    if (found.empty())
        throw usage_error(fmt::format("run {} holds no probe, so there is nothing to say of it; {}",
                                      which.id, how_to_conclude(which)));
}

}  // namespace deadair::command
