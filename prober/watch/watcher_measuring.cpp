// The measurements of a watch, and what follows from them.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "prober/measure/measured.hpp"
#include "prober/server/resolve.hpp"
#include "prober/session/destroy_later.hpp"
#include "prober/watch/plan/drift.hpp"
#include "prober/watch/watcher.hpp"

namespace deadair::prober {

using namespace std::chrono_literals;

void watcher::begin_measurement(watch_plan::occasion why)
{
    agenda_.began();
    say(fmt::format("measures ({})", watch_plan::to_string(why)));
    prober::measurement::settings how;
    how.plan = wanted_.measuring;
    how.refreshes = wanted_.refreshes;
    how.plan.paths = paths_of(wanted_.server, *server_, wanted_.transports);
    how.stay_at = stay_at(io_, *server_, control_of(wanted_.server, *server_, wanted_.transports));
    how.description = wanted_.description;
    if (wanted_.evidence)
        how.evidence = evidence_watch::settings_of(wanted_.server, *server_);
    measurement_ = std::make_unique<prober::measurement>(io_, std::move(how), record_, measuring_);
    measurement_->when_over([this] { conclude_measurement(); });
    measurement_->start();
}

void watcher::conclude_measurement()
{
    const auto run = measurement_->run();
    const auto failure = measurement_->how().failure;
    const auto clock = measurement_->clock();
    dismiss_measurement();
    if (!runs())
        return end_when_all_is_kept();
    if (!failure.empty()) {
        say(fmt::format("could not measure: {}", failure));
        return agenda_.ended(false, clock_.now());
    }
    record_.ask<learned>([run = *run](store::database& from) { return analysed(from, run); },
                         [this, clock](const learned& from) {
                             if (runs())
                                 concluded(from, clock);
                         },
                         [this](const std::string& why) {
                             disk_failed(why);
                             agenda_.ended(false, clock_.now());
                         });
}

void watcher::concluded(const learned& from, const run_clock& clock)
{
    say(fmt::format("measured, run {}: {}", from.run, report::answer(from.findings, from.open)));
    const bool useful = learn_from(from);
    agenda_.ended(useful, clock_.now());
    if (useful && wanted_.boxes)
        find_box(from, clock);
    // Another chance for busy connections, should none be left.
    age_at_ = clock_.now();
}

bool watcher::learn_from(const learned& from)
{
    const auto& found = from.findings;
    const bool conclusive = std::ranges::any_of(
        found, [](const auto& each) { return each.kind != estimate::finding_kind::inconclusive; });
    if (!conclusive)
        return false;
    measured_ = from.run;
    compare(found);
    take_over(from);
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
void watcher::take_over(const learned& from)
{
    const bool given = wanted_.with != hold::settings{};
    const auto with = given ? wanted_.with : from.settings;
    const auto idle_timeout = wanted_.idle_timeout.value_or(from.longest);
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

void watcher::find_box(const learned& from, const run_clock& clock)
{
    boxes_.begin(*server_,
                 {.server = control_of(wanted_.server, *server_, wanted_.transports),
                  .on = paths_of(wanted_.server, *server_, wanted_.transports).front(),
                  .open_rate = wanted_.measuring.open_rate},
                 from, clock);
}

void watcher::dismiss_measurement()
{
    if (!measurement_)
        return;
    measurement_->abandon();
    measuring_.finish();
    destroy_later(io_, std::move(measurement_));
}

}  // namespace deadair::prober
