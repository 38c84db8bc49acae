// The measurements of a watch, and what follows from them.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "prober/measure/measured.hpp"
#include "prober/server/resolve.hpp"
#include "prober/watch/plan/drift.hpp"
#include "prober/watch/watcher.hpp"

namespace deadair::prober {

using namespace std::chrono_literals;
using watch_plan::blame;
using watch_plan::incident_kind;

void watcher::begin_measurement(watch_plan::occasion why)
{
    agenda_.began();
    say(fmt::format("measures ({})", watch_plan::to_string(why)));
    prober::measurement::settings how;
    how.plan = wanted_.measuring;
    how.refreshes = wanted_.refreshes;
    how.plan.paths = paths_of(wanted_.server, *server_, wanted_.transports);
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.description = wanted_.description;
    if (wanted_.evidence)
        how.evidence = evidence_watch::settings_of(wanted_.server, *server_);
    measurement_ =
        std::make_unique<prober::measurement>(io_, *server_, std::move(how), into_, quiet_);
    measurement_->when_over([this] {
        boost::asio::post(io_, [this] {
            if (measurement_)
                conclude_measurement();
        });
    });
    measurement_->start();
}

void watcher::conclude_measurement()
{
    const auto ended = measurement_->ending();
    dismiss_measurement();
    if (over_)
        return;
    if (!ended.id) {
        say(fmt::format("could not measure: {}", ended.failure));
        return agenda_.ended(false, clock_.now());
    }
    try {
        const auto result = analyse(into_, *ended.id, into_.conditions(*ended.id));
        say(fmt::format("measured, run {}: {}", *ended.id,
                        report::answer(result.findings, result.open)));
        agenda_.ended(learn_from(*ended.id, result.findings), clock_.now());
        // Another chance for busy connections, should none be left.
        age_at_ = clock_.now();
    } catch (const store::store_error& problem) {
        disk_failed(problem.what());
        agenda_.ended(false, clock_.now());
    }
}

bool watcher::learn_from(store::run_id measured, const std::vector<estimate::finding>& found)
{
    const bool conclusive = std::ranges::any_of(
        found, [](const auto& each) { return each.kind != estimate::finding_kind::inconclusive; });
    if (!conclusive)
        return false;
    measured_ = measured;
    compare(found);
    take_over(measured);
    return true;
}

void watcher::compare(const std::vector<estimate::finding>& found)
{
    constexpr auto age = estimate::finding_kind::absolute_age;
    const auto cut = std::ranges::find(found, age, &estimate::finding::kind);
    const auto known = std::ranges::find(baseline_, age, &estimate::finding::kind);
    if (cut != found.end() && known == baseline_.end())
        notice(incident_kind::absolute_age, blame::firewall, cut->note);
    const auto changes = watch_plan::compare(baseline_, found);
    baseline_ = found;
    if (changes.empty())
        return;
    std::string all;
    for (const auto& each : changes)
        all += fmt::format("{}{}", all.empty() ? "" : "; ", each.text);
    notice(incident_kind::idle_timeout_changed, blame::firewall, all);
}

// What is held follows what was measured, unless it was given.
void watcher::take_over(store::run_id measured)
{
    const auto recommended = settings_of(into_.recommendations(measured));
    const auto ages = read_measured(into_, measured);
    auto survived = 0ns;
    for (const auto& each : into_.findings(measured))
        survived = std::max(survived, each.low.value_or(0ns));
    const auto longest = ages ? ages->longest : survived;
    const bool given = wanted_.with != hold::settings{};
    const auto with = given ? wanted_.with : recommended;
    const auto idle_timeout = wanted_.idle_timeout.value_or(longest);
    const auto moved = std::chrono::abs(idle_timeout - idle_timeout_);
    // The same settings within what a measurement is exact to: let the connections live.
    const bool same_kind = with_ && with_->max_age.has_value() == with.max_age.has_value();
    if (same_kind && holding_ && moved < idle_timeout / 10)
        return;
    with_ = with;
    idle_timeout_ = idle_timeout;
    end_holding();
    hold_again_at_ = clock_.now();
}

void watcher::dismiss_measurement()
{
    if (!measurement_)
        return;
    measurement_->abandon();
    // What it posted last must still find it.
    boost::asio::post(io_,
                      [kept = std::shared_ptr<prober::measurement>(std::move(measurement_))] {});
}

void watcher::writing_failed(const std::string& why)
{
    disk_failed(why);
    if (measurement_) {
        say("the measurement is given up");
        agenda_.ended(false, clock_.now());
    }
    dismiss_measurement();
    dismiss_uploads();
}

}  // namespace deadair::prober
