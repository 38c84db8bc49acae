#include "analysis/sockets/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace deadair::sockets {

namespace {

constexpr std::size_t kept_max = 10'000;

std::string in_words(const keepalive_seen& keepalive)
{
    if (!keepalive.on)
        return "the program has no keepalive";
    if (!keepalive.idle)
        return "the program has a keepalive";
    return fmt::format("the program's keepalive comes after {}", format_duration(*keepalive.idle));
}

}  // namespace

void summary::many::add(nanoseconds age)
{
    ++count;
    if (ages.size() < kept_max)
        return ages.push_back(age);
    auto& least = *std::ranges::min_element(ages);
    least = std::max(age, least);
}

nanoseconds summary::many::shortest() const
{
    return *std::ranges::min_element(ages);
}

nanoseconds summary::many::longest() const
{
    return *std::ranges::max_element(ages);
}

void summary::add(const ended_silence& seen)
{
    const auto& what = seen.what;
    if (seen.stall)
        ++stalls_;
    else if (seen.closed_by_other)
        closed_.add(what.age);
    else if (what.result == outcome::voided)
        ++doubtful_;
    else if (what.result == outcome::delivered)
        lived_.add(std::max(what.age - what.age_error, nanoseconds{}));
    else
        died_.add(what.age + what.age_error);
}

std::string summary::of_the_path() const
{
    if (died_.count == 0 && lived_.count == 0)
        return {};
    if (died_.count == 0)
        return fmt::format("silences up to {} lived ({}), none died",
                           format_duration(lived_.longest()), lived_.count);
    const auto shortest_dead = died_.shortest();
    const auto outlived = static_cast<std::size_t>(std::ranges::count_if(
        lived_.ages, [&](nanoseconds each) { return each >= shortest_dead; }));
    const auto died = fmt::format("from {} died ({} of {})", format_duration(shortest_dead),
                                  died_.count, died_.count + outlived);
    if (lived_.count == 0)
        return fmt::format("silences {}: the path forgets after {} or less", died,
                           format_duration(shortest_dead));
    const auto longest_alive = lived_.longest();
    const auto both = fmt::format("silences up to {} lived ({}), {}",
                                  format_duration(longest_alive), lived_.count, died);
    if (outlived > 0)
        return both + ": no single timeout explains both";
    return fmt::format("{}: the path forgets after {} to {}", both, format_duration(longest_alive),
                       format_duration(shortest_dead));
}

std::string summary::sentence() const
{
    std::vector<std::string> parts;
    if (auto path = of_the_path(); !path.empty())
        parts.push_back(std::move(path));
    if (closed_.count > 0)
        parts.push_back(fmt::format("the other end closed {} after {} or more", closed_.count,
                                    format_duration(closed_.shortest())));
    if (doubtful_ > 0)
        parts.push_back(fmt::format("{} prove nothing", doubtful_));
    if (stalls_ > 0)
        parts.push_back(fmt::format("{} stalled while busy", stalls_));
    if (parts.empty())
        parts.emplace_back("no silence has ended yet");
    if (keepalive_)
        parts.push_back(in_words(*keepalive_));
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace deadair::sockets
