#include "prober/show/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds line_interval = 5s;

std::string seen_so_far(const known_of_stratum& of)
{
    if (of.survived > nanoseconds{} && of.expired)
        return fmt::format("between {} and {}{}", format_duration(of.survived),
                           format_duration(*of.expired), of.done ? ", done" : "");
    if (of.expired)
        return fmt::format("gone at {}", format_duration(*of.expired));
    if (of.survived > nanoseconds{})
        return fmt::format("alive at {}{}", format_duration(of.survived),
                           of.done ? ", done" : " so far");
    return "waiting";
}

std::string run_line(const snapshot& now)
{
    return fmt::format(
        "{} {} of at most {}, connections: {} waiting, {} opening; probes: {} "
        "delivered, {} not, {} void{}",
        now.phase, format_duration(now.elapsed),
        format_duration(std::max(now.elapsed, now.expected_end)), now.counts.waiting,
        now.counts.opening, now.counts.delivered, now.counts.not_delivered, now.counts.voided,
        now.outage ? "; OUTAGE: the server is not heard" : "");
}

std::size_t terminal_width()
{
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

}  // namespace

void tally::add(outcome result)
{
    switch (result) {
        case outcome::delivered:
            ++delivered;
            break;
        case outcome::voided:
            ++voided;
            break;
        default:
            ++not_delivered;
    }
}

std::vector<std::string> snapshot::live_lines(std::size_t width) const
{
    std::vector<std::string> lines{run_line(*this)};
    for (const auto& each : strata)
        lines.push_back(fmt::format("  {:<36} {}", describe(each.where), seen_so_far(each)));
    for (auto& line : lines)
        if (line.size() > width)
            line.resize(width);
    return lines;
}

std::string snapshot::plain_line() const
{
    auto line = run_line(*this);
    for (const auto& each : strata)
        line += fmt::format("; {} {}: {}", to_string(each.where.on.kind), to_string(each.where.way),
                            seen_so_far(each));
    return line;
}

std::string snapshot::json_line() const
{
    auto text = fmt::format(
        R"({{"elapsed_s":{:.3f},"expected_end_s":{:.3f},"phase":"{}","opening":{},"waiting":{},)"
        R"("delivered":{},"not_delivered":{},"void":{},"outage":{},"strata":[)",
        to_seconds(elapsed), to_seconds(expected_end), phase, counts.opening, counts.waiting,
        counts.delivered, counts.not_delivered, counts.voided, outage);
    const char* separator = "";
    for (const auto& each : strata) {
        text += fmt::format(
            R"({}{{"transport":"{}","direction":"{}","server_port":{},"family":"{}",)"
            R"("low_s":{:.3f},"high_s":{},"done":{}}})",
            separator, to_string(each.where.on.kind), to_string(each.where.way),
            each.where.on.server_port, to_string(each.where.on.family), to_seconds(each.survived),
            each.expired ? fmt::format("{:.3f}", to_seconds(*each.expired)) : "null", each.done);
        separator = ",";
    }
    return text + "]}";
}

std::optional<progress_mode> parse_progress_mode(std::string_view text)
{
    if (text == "auto")
        return progress_mode::automatic;
    if (text == "plain")
        return progress_mode::plain;
    if (text == "json")
        return progress_mode::json;
    if (text == "none")
        return progress_mode::none;
    return std::nullopt;
}

progress::progress(progress_mode mode) : mode_{mode}
{
    if (mode_ == progress_mode::automatic)
        mode_ = ::isatty(STDERR_FILENO) == 1 ? progress_mode::live : progress_mode::plain;
}

void progress::update(const shown& now)
{
    if (mode_ == progress_mode::none)
        return;
    if (mode_ == progress_mode::live)
        return redraw(now);
    if (last_ && now.at() - *last_ < line_interval)
        return;
    last_ = now.at();
    fmt::print(stderr, "{}\n", mode_ == progress_mode::json ? now.json_line() : now.plain_line());
}

void progress::redraw(const shown& now)
{
    std::string text;
    if (drawn_ > 0)
        text += fmt::format("\x1b[{}A", drawn_);
    const auto lines = now.live_lines(terminal_width() - 1);
    for (const auto& line : lines)
        text += fmt::format("\r\x1b[K{}\n", line);
    drawn_ = std::max(drawn_, lines.size());
    fmt::print(stderr, "{}", text);
}

void progress::finish()
{
    if (mode_ == progress_mode::live && drawn_ > 0)
        fmt::print(stderr, "\x1b[{}A\r\x1b[J", drawn_);
    drawn_ = 0;
}

}  // namespace deadair::prober
