#include "prober/watch/plan/agenda.hpp"

#include <algorithm>
#include <array>

namespace deadair::watch_plan {

namespace {

using namespace std::chrono_literals;

// Routes and addresses settle within seconds after they begin to change.
constexpr nanoseconds settling = 5s;
constexpr nanoseconds retry_first = 10s;
constexpr unsigned retry_doublings = 6;

}  // namespace

std::string_view to_string(occasion value)
{
    constexpr std::array<std::string_view, 4> names{"first", "scheduled", "path_changed",
                                                    "connections_lost"};
    return names.at(static_cast<std::size_t>(value));
}

agenda::agenda(nanoseconds every, std::optional<nanoseconds> last) : every_{every}, first_{!last}
{
    if (last && *last >= 0s && *last < every)
        scheduled_ = every - *last;
}

void agenda::changed(occasion why, time at)
{
    soon_ = appointment{at + settling, why};
}

void agenda::began()
{
    under_way_ = true;
    soon_.reset();
}

void agenda::ended(bool useful, time at)
{
    under_way_ = false;
    if (useful) {
        first_ = false;
        failures_ = 0;
        scheduled_ = at + every_;
        return;
    }
    const nanoseconds pause = (1 << std::min(failures_++, retry_doublings)) * retry_first;
    scheduled_ = at + std::min(pause, every_);
}

std::optional<occasion> agenda::due(time now) const
{
    if (under_way_ || now < next())
        return std::nullopt;
    if (soon_)
        return soon_->why;
    return first_ ? occasion::first : occasion::scheduled;
}

}  // namespace deadair::watch_plan
