#include "prober/session/run_clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace deadair::prober {

namespace {

nanoseconds reading(clockid_t which)
{
    timespec value{};
    ::clock_gettime(which, &value);
    return std::chrono::seconds{value.tv_sec} + std::chrono::nanoseconds{value.tv_nsec};
}

}  // namespace

nanoseconds sleep_watch::boot_lead()
{
    return reading(CLOCK_BOOTTIME) - reading(CLOCK_MONOTONIC);
}

nanoseconds sleep_watch::slept()
{
    const auto now = by_();
    const auto slept = now - lead_;
    lead_ = now;
    return slept;
}

std::string utc_now()
{
    using namespace std::chrono;
    const auto now = system_clock::now();
    const auto whole = time_point_cast<seconds>(now);
    const auto milli = duration_cast<milliseconds>(now - whole).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(whole)),
                       milli);
}

std::optional<nanoseconds> age_of_utc(const std::string& text)
{
    std::tm parts{};
    const char* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == nullptr)
        return std::nullopt;
    const auto then = std::chrono::system_clock::from_time_t(::timegm(&parts));
    return std::chrono::system_clock::now() - then;
}

}  // namespace deadair::prober
