#include "prober/observation/outage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// A control connection that ends sooner was of no use.
constexpr nanoseconds useful_life = 5s;
// Control connections of one outage that ask whether bindings outlived it. Where each ends before
// the answer comes, by its age for instance, none would ever be told.
constexpr std::uint32_t asks_max = 2;

template <class Tells>
std::optional<connection_id> youngest_that(const connections& all, Tells tells)
{
    std::optional<connection_id> found;
    time opened_at{};
    for (const auto& [number, each] : all.all())
        if (each.joined() && tells(number, each) && (!found || each.opened_at > opened_at)) {
            found = number;
            opened_at = each.opened_at;
        }
    return found;
}

}  // namespace

void outage::began(time worked_at, time at)
{
    if (up_at_)
        short_lived_ = at - *up_at_ < useful_life ? short_lived_ + 1 : 0;
    up_at_.reset();
    if (!std::exchange(lasting_, true))
        worked_until_ = worked_at;
}

std::string outage::hopeless(const std::string& latest) const
{
    if (short_lived_ < short_lived_max)
        return {};
    return fmt::format(
        "the control connection ended within {} of its beginning, {} times in a row; the last "
        "time: {}",
        format_duration(useful_life), short_lived_, latest);
}

void outage::delivered(const flight& probe)
{
    if (probe.how.by == refresh::none)
        longest_delivered_ = std::max(longest_delivered_, probe.idle_age);
}

std::optional<connection_id> outage::telling(const connections& all, const probes& of,
                                             time now) const
{
    if (asks_ == asks_max)
        return std::nullopt;
    // One that spoke since then tells nothing: its binding may be a new one.
    const auto usable = [&](connection_id number, const watched& each) {
        return !of.lost_on(number) && each.quiet.since() < worked_until_;
    };
    // One that is kept alive has no excuse.
    const auto still_young = youngest_that(all, [&](connection_id number, const watched& each) {
        return usable(number, each) &&
               (each.quiet.is_kept() || now - each.quiet.since() < longest_delivered_);
    });
    if (still_young)
        return still_young;
    return youngest_that(all, [&](connection_id number, const watched& each) {
        return usable(number, each) && each.quiet.how() == means{refresh::data, refresh_side::both};
    });
}

void outage::asked(probe_id with)
{
    doubt_ = with;
    ++asks_;
}

void outage::over()
{
    lasting_ = false;
    asks_ = 0;
}

bool outage::take_answer(probe_id with)
{
    if (doubt_ != with)
        return false;
    doubt_.reset();
    return true;
}

}  // namespace deadair::observation
