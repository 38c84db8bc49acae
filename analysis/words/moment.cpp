#include "analysis/words/moment.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace deadair {

std::optional<nanoseconds> since_epoch(std::string_view moment)
{
    std::tm when{};
    const std::string text{moment};
    const char* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &when);
    if (rest == nullptr)
        return std::nullopt;
    int milliseconds = 0;
    if (*rest == '.' && std::sscanf(rest, ".%3d", &milliseconds) != 1)
        return std::nullopt;
    return std::chrono::seconds{::timegm(&when)} + std::chrono::milliseconds{milliseconds};
}

std::string utc_text(nanoseconds since_1970)
{
    const auto whole = std::chrono::floor<std::chrono::seconds>(since_1970);
    const auto part = std::chrono::floor<std::chrono::milliseconds>(since_1970 - whole);
    const std::time_t seconds = whole.count();
    std::tm when{};
    ::gmtime_r(&seconds, &when);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &when);
    return fmt::format("{}.{:03} UTC", std::string_view{text.data(), size}, part.count());
}

}  // namespace deadair
