#include "echo-server/log.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace deadair::echo_server {

namespace {

struct name {
    std::string_view word;
    int syslog_priority;
};
constexpr std::array<name, 4> names{{{"error", 3}, {"warn", 4}, {"info", 6}, {"debug", 7}}};

void print(log_level level, std::string_view line)
{
    const auto& [word, priority] = names.at(static_cast<std::size_t>(level));
    // Priorities are for journald, which says that it is there (systemd.exec(5)).
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    if (journal)
        fmt::print(stderr, "<{}>level={} {}\n", priority, word, line);
    else
        fmt::print(stderr, "level={} {}\n", word, line);
}

}  // namespace

std::string_view to_string(log_level value)
{
    return names.at(static_cast<std::size_t>(value)).word;
}

void log::put(log_level level, std::string_view line)
{
    if (level != log_level::warn || !spare_this())
        print(level, line);
}

// Only strangers can cause warnings at will.
bool log::spare_this()
{
    using namespace std::chrono_literals;
    const auto now = std::chrono::steady_clock::now();
    if (now - second_ >= 1s) {
        if (warnings_ > warnings_max)
            print(log_level::warn,
                  fmt::format("event=warnings_left_out count={}", warnings_ - warnings_max));
        second_ = now;
        warnings_ = 0;
    }
    return ++warnings_ > warnings_max;
}

std::string in_quotes(std::string_view value)
{
    std::string text{'"'};
    for (const char each : value) {
        const auto byte = static_cast<unsigned char>(each);
        if (each == '"' || each == '\\')
            text += '\\';
        if (byte < 0x20 || byte == 0x7f)
            text += fmt::format("\\x{:02x}", byte);
        else
            text += each;
    }
    return text + '"';
}

}  // namespace deadair::echo_server
