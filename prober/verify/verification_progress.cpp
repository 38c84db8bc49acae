#include "prober/verify/verification_progress.hpp"

#include <fmt/format.h>

namespace deadair::prober {

namespace {

constexpr std::size_t narrow = 60;  // columns: below, less is said

// It is not given up before: what is held may still be there.
std::string outage_text(const verification_progress& now, std::size_t width)
{
    return fmt::format("OUTAGE{}; tried until the end, at {}",
                       width < narrow ? "" : ": the server is not heard",
                       format_duration(now.expected_end));
}

}  // namespace

std::vector<std::string> verification_progress::live_lines(std::size_t width) const
{
    std::vector<std::string> lines;
    if (outage)
        lines.push_back(outage_text(*this, width));
    lines.push_back(fmt::format("holding {} connections", open));
    lines.push_back(
        fmt::format("  {} of {}", format_duration(elapsed), format_duration(expected_end)));
    lines.push_back(fmt::format("  {} delivered, {} missed, {} void", delivered, missed, voided));
    lines.push_back(fmt::format("  controls dead: {}", unprotected_died));
    for (auto& line : lines)
        if (line.size() > width)
            line.resize(width);
    return lines;
}

std::string verification_progress::plain_line() const
{
    return fmt::format(
        "{}{} connections held; messages: {} delivered, {} missed, {} void; controls dead: {}",
        outage ? outage_text(*this, narrow) + "; " : "", open, delivered, missed, voided,
        unprotected_died);
}

std::string verification_progress::json_line() const
{
    return fmt::format(
        R"({{"elapsed_s":{:.3f},"expected_end_s":{:.3f},"open":{},"delivered":{},"missed":{},)"
        R"("void":{},"unprotected_died":{},"outage":{}}})",
        to_seconds(elapsed), to_seconds(expected_end), open, delivered, missed, voided,
        unprotected_died, outage);
}

}  // namespace deadair::prober
