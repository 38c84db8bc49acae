#include "prober/show/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "analysis/host/terminal.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds line_interval = 5s;
constexpr nanoseconds repeat_interval = 1min;  // of a line that says nothing new

constexpr std::size_t narrow = 60;  // columns: below, the constant parts are shortened

/// "7.5 to 8 s": the unit once, where both have the same.
std::string from_to(nanoseconds low, nanoseconds high)
{
    auto from = format_duration(low);
    const auto to = format_duration(high);
    const auto number = from.find_first_of(' ');
    if (number != std::string::npos && from.find(' ', number + 1) == std::string::npos &&
        to.find(' ') == to.rfind(' ') && to.ends_with(from.substr(number)))
        from.erase(number);
    return from + " to " + to;
}

std::string seen_so_far(const known_of_stratum& of)
{
    if (of.survived > nanoseconds{} && of.expired)
        return from_to(of.survived, *of.expired) + (of.done ? ", done" : "");
    if (of.expired)
        return fmt::format("gone at {}", format_duration(*of.expired));
    if (of.survived > nanoseconds{})
        return fmt::format("alive at {}{}", format_duration(of.survived), of.done ? ", done" : "");
    return of.done ? "left out: no connection can be opened" : "waiting";
}

// With port and family only where they differ.
std::string name_of(const known_of_stratum& one, const std::vector<known_of_stratum>& all)
{
    const auto place = [](const known_of_stratum& of) {
        return std::pair{of.where.on.server_port, of.where.on.family};
    };
    const bool several = std::ranges::any_of(
        all, [&](const known_of_stratum& each) { return place(each) != place(one); });
    return several ? describe(one.where)
                   : fmt::format("{} {}", to_string(one.where.on.kind), to_string(one.where.way));
}

// It never gives up by itself: what was silent before may still be told from what expired.
constexpr const char* outage_text =
    "OUTAGE: the server is not heard; tried until it is, or Ctrl-C; ";

// What is going on, without the time: the same text is not worth another line.
std::string state_text(const snapshot& now, std::size_t width)
{
    if (now.strata.empty())
        return std::string{now.phase};
    if (width < narrow)
        return fmt::format("{}{}: {} silent, {}/{}/{}", now.outage ? "OUTAGE; " : "", now.phase,
                           now.counts.waiting, now.counts.delivered, now.counts.not_delivered,
                           now.counts.voided);
    auto text = fmt::format("{}: {} silent, {} delivered, {} not", now.phase, now.counts.waiting,
                            now.counts.delivered, now.counts.not_delivered);
    if (now.counts.opening > 0)
        text += fmt::format(", {} opening", now.counts.opening);
    if (now.counts.voided > 0)
        text += fmt::format(", {} void", now.counts.voided);
    return now.outage ? outage_text + text : text;
}

std::string time_text(const snapshot& now)
{
    const auto left = now.expected_end - now.elapsed;
    return left > nanoseconds{} ? fmt::format("{}, at most {} more", format_duration(now.elapsed),
                                              format_duration(left))
                                : format_duration(now.elapsed);
}

}  // namespace

void progress_counts::add(outcome result)
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
    std::vector<std::string> lines{state_text(*this, width), "  " + time_text(*this)};
    for (const auto& each : strata)
        lines.push_back(fmt::format("  {:<20} {}", seen_so_far(each), name_of(each, strata)));
    for (auto& line : lines)
        if (line.size() > width)
            line.resize(width);
    return lines;
}

std::string snapshot::plain_line() const
{
    auto line = state_text(*this, std::numeric_limits<std::size_t>::max());
    std::map<std::string, unsigned> states;
    for (const auto& each : strata)
        ++states[seen_so_far(each)];
    for (const auto& [state, count] : states)
        line += states.size() == 1 ? fmt::format("; {}", state)
                                   : fmt::format("; {} of {}: {}", count, strata.size(), state);
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
    if (mode_ == progress_mode::live_or_none)
        mode_ = ::isatty(STDERR_FILENO) == 1 ? progress_mode::live : progress_mode::none;
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
    if (mode_ == progress_mode::json) {
        last_ = now.at();
        fmt::print(stderr, "{}\n", now.json_line());
        return;
    }
    auto line = now.plain_line();
    if (last_ && line == said_ && now.at() - *last_ < repeat_interval)
        return;
    last_ = now.at();
    fmt::print(stderr, "{}: {}\n",
               format_duration(std::chrono::floor<std::chrono::seconds>(now.at())), line);
    said_ = std::move(line);
}

void progress::redraw(const shown& now)
{
    std::string text;
    if (drawn_ > 0)
        text += fmt::format("\x1b[{}A", drawn_);
    const auto lines = now.live_lines(host::line_width(STDERR_FILENO, 80) - 1);
    for (const auto& line : lines)
        text += fmt::format("\r\x1b[K{}\n", line);
    drawn_ = std::max(drawn_, lines.size());
    fmt::print(stderr, "{}", text);
}

void progress::say(const std::string& text)
{
    finish();
    fmt::print(stderr, "deadair-prober: {}\n", text);
}

void progress::finish()
{
    if (mode_ == progress_mode::live && drawn_ > 0)
        fmt::print(stderr, "\x1b[{}A\r\x1b[J", drawn_);
    drawn_ = 0;
    last_.reset();
}

}  // namespace deadair::prober
