// The connections that a watch keeps busy, to see whether they are cut at an age.
#include "prober/server/resolve.hpp"
#include "prober/session/destroy_later.hpp"
#include "prober/watch/watcher.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// After the server refused, or nobody could vouch for any of them.
constexpr nanoseconds age_again = 60s;

}  // namespace

void watcher::begin_ageing()
{
    age_at_ = clock_.now() + age_again;
    cut_ = 0;
    ageing::settings how;
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.plan = wanted_.measuring;
    how.plan.paths = paths_of(wanted_.server, *server_, wanted_.transports);
    how.description = watch_run();
    ageing_ = std::make_unique<ageing>(io_, *server_, std::move(how), record_);
    ageing_->start();
}

// Each that is cut tells of the age anew, together with the latest measurement.
void watcher::look_at_ageing()
{
    const auto cut = ageing_->cut();
    if (cut > cut_ && measured_) {
        cut_ = cut;
        record_.ask<learned>(
            [run = *measured_](store::database& from) { return analysed(from, run); },
            [this](const learned& anew) {
                if (runs())
                    learn_from(anew);
            },
            [this](const std::string& why) { disk_failed(why); });
    }
    if (!ageing_->over())
        return;
    end_ageing();
    // What is cut at once would only be cut again: the next measurement gives another chance.
    age_at_ = cut > 0 ? nanoseconds::max() : clock_.now() + age_again;
}

void watcher::end_ageing()
{
    if (!ageing_)
        return;
    ageing_->stop();
    destroy_later(io_, std::move(ageing_));
}

}  // namespace deadair::prober
