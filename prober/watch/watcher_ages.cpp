// The connections that a watch keeps busy, to see whether they are cut at an age.
#include <boost/asio/post.hpp>

#include "analysis/analyse.hpp"
#include "prober/server/resolve.hpp"
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
    const auto run = begin_run();
    if (!run)
        return;
    cut_ = 0;
    ageing::settings how;
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.plan = wanted_.measuring;
    how.plan.paths = paths_of(wanted_.server, *server_, wanted_.transports);
    how.run = *run;
    ageing_ = std::make_unique<ageing>(io_, *server_, std::move(how), rows_);
    ageing_->start();
}

// Each that is cut tells of the age anew, together with the latest measurement.
void watcher::look_at_ageing()
{
    const auto cut = ageing_->cut();
    if (cut > cut_ && measured_) {
        cut_ = cut;
        try {
            const auto path = into_.conditions(*measured_);
            learn_from(*measured_, analyse(into_, *measured_, path).findings);
        } catch (const store::store_error& problem) {
            disk_failed(problem.what());
        }
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
    end_run(ageing_->run());
    // It may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<ageing>(std::move(ageing_))] {});
}

}  // namespace deadair::prober
