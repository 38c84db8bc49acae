#include "echo-server/log.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

namespace deadair::echo_server {

namespace {

struct name {
    std::string_view word;
    int syslog_priority;
};
constexpr std::array<name, 4> names{{{"error", 3}, {"warn", 4}, {"info", 6}, {"debug", 7}}};

}  // namespace

std::string_view to_string(log_level value)
{
    return names.at(static_cast<std::size_t>(value)).word;
}

void log::put(log_level level, std::string_view line)
{
    const auto& [word, priority] = names.at(static_cast<std::size_t>(level));
    static const bool terminal = ::isatty(STDERR_FILENO) == 1;
    if (terminal)
        fmt::print(stderr, "level={} {}\n", word, line);
    else
        fmt::print(stderr, "<{}>level={} {}\n", priority, word, line);
}

}  // namespace deadair::echo_server
