#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace deadair::echo_server {

enum class log_level : std::uint8_t { error, warn, info, debug };
std::string_view to_string(log_level value);

/// Lines of `key=value` on standard error, one event a line, with the level that journald
/// reads from the prefix "<N>" when the output is no terminal (sd-daemon(3)).
class log {
public:
    explicit log(log_level most) : most_{most} {}

    template <class... Args>
    void write(log_level level, fmt::format_string<Args...> text, Args&&... args) const
    {
        if (level <= most_)
            put(level, fmt::format(text, std::forward<Args>(args)...));
    }

private:
    static void put(log_level level, std::string_view line);

    log_level most_;
};

}  // namespace deadair::echo_server
