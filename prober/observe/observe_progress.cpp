#include <fmt/format.h>

#include <algorithm>

#include "prober/observe/observer.hpp"

namespace deadair::prober::observe {

namespace {

// A terminal has room for so many.
constexpr std::size_t groups_shown = 12;

std::string quoted(const std::string& text)
{
    std::string made;
    for (const char each : text) {
        if (each == '"' || each == '\\')
            made += '\\';
        made += each;
    }
    return made;
}

}  // namespace

std::vector<std::string> observe_progress::live_lines(std::size_t width) const
{
    std::vector<std::string> lines{fmt::format("{}: {}", format_duration(elapsed), plain_line())};
    for (std::size_t i = 0; i < std::min(groups.size(), groups_shown); ++i)
        lines.push_back("  " + groups[i]);
    for (auto& line : lines)
        line.resize(std::min(line.size(), width));
    return lines;
}

std::string observe_progress::plain_line() const
{
    return fmt::format("{} connections{}; silences: {} lived, {} died", followed,
                       unanswered > 0 ? fmt::format(", {} without an answer now", unanswered) : "",
                       lived, died);
}

std::string observe_progress::json_line() const
{
    std::string said;
    for (const auto& each : groups)
        said += fmt::format("{}\"{}\"", said.empty() ? "" : ",", quoted(each));
    return fmt::format(R"({{"elapsed_s":{:.3f},"connections":{},"unanswered":{},"lived":{},)"
                       R"("died":{},"groups":[{}]}})",
                       to_seconds(elapsed), followed, unanswered, lived, died, said);
}

}  // namespace deadair::prober::observe
