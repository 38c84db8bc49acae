#include "prober/ledger.hpp"

#include <algorithm>
#include <vector>

#include "prober/rows.hpp"

namespace deadair::prober {

ledger::ledger(store::database& into, const store::run& started)
    : into_{into}, run_{into.begin_run(started)}
{
}

void ledger::opened(connection& here)
{
    into_.add(row_of(here, run_));
}

void ledger::closed(connection& here, const std::string& client_saw, const std::string& server_saw,
                    nanoseconds at)
{
    const auto& seen = ages_[here.number()];
    into_.set_end(store::connection_end{.run = run_,
                                        .connection_id = here.number(),
                                        .last_delivered = seen.last_delivered,
                                        .first_undelivered = seen.first_undelivered,
                                        .ended = at,
                                        .client_saw = client_saw,
                                        .server_saw = server_saw});
}

void ledger::settled(const flight& probe, outcome result, nanoseconds at)
{
    auto& seen = ages_[probe.connection];
    if (result == outcome::delivered)
        seen.last_delivered = std::max(seen.last_delivered.value_or(nanoseconds{}), probe.idle_age);
    else if (result != outcome::voided && !seen.first_undelivered)
        seen.first_undelivered = probe.idle_age;
    into_.add(row_of(probe, result, run_, at));
}

void ledger::happened(nanoseconds at, const std::string& kind, const std::string& detail)
{
    into_.add(store::event{.run = run_, .at = at, .kind = kind, .detail = detail});
}

void ledger::sampled(nanoseconds at, const std::string& source, const wire::socket_facts& facts)
{
    const std::vector<path_quality::counter> figures{
        {"rtt_us", double(facts.rtt_us)},
        {"rtt_variation_us", double(facts.rtt_variation_us)},
        {"rto_us", double(facts.rto_us)},
        {"segments_in", double(facts.segments_in)},
        {"segments_out", double(facts.segments_out)},
        {"retransmitted_segments", double(facts.retransmitted)}};
    sampled(at, source, figures);
}

void ledger::sampled(nanoseconds at, const std::string& source,
                     std::span<const path_quality::counter> figures)
{
    std::vector<store::path_sample> samples;
    for (const auto& each : figures)
        samples.push_back(
            {.run = run_, .at = at, .source = source, .name = each.name, .value = each.value});
    into_.add(samples);
}

void ledger::end(store::run_state how, const std::string& note)
{
    into_.end_run(run_, how, utc_now(), note.empty() ? std::nullopt : std::optional{note});
}

}  // namespace deadair::prober
