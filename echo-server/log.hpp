#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace deadair::echo_server {

enum class log_level : std::uint8_t { error, warn, info, debug };
std::string_view to_string(log_level value);

/// Warnings a second; more are counted and not written, so that strangers cannot fill the disk.
inline constexpr std::size_t warnings_max = 20;

/// Lines of `key=value` on standard error, one event a line, with the level that journald
/// reads from the prefix "<N>" when the output is no terminal (sd-daemon(3)).
class log {
public:
    explicit log(log_level most) : most_{most} {}

    template <class... Args>
    void write(log_level level, fmt::format_string<Args...> text, Args&&... args)
    {
        if (level <= most_)
            put(level, fmt::format(text, std::forward<Args>(args)...));
    }

private:
    void put(log_level level, std::string_view line);
    bool spare_this();

    log_level most_;
    std::chrono::steady_clock::time_point second_{};  // in which warnings are counted
    std::size_t warnings_{};
};

/// A value as it stands in a line: in quotes, with what would end it or the line escaped.
std::string in_quotes(std::string_view value);

}  // namespace deadair::echo_server
