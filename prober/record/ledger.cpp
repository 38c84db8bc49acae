#include "prober/record/ledger.hpp"

#include <algorithm>
#include <vector>

namespace deadair::prober {

ledger::ledger(record& into, store::run described)
    : into_{into}, id_{std::make_shared<store::run_id>()}
{
    if (described.started_at.empty())
        described.started_at = utc_now();
    begun_ = into_.write([id = id_, described = std::move(described)](store::database& at) {
        *id = at.begin_run(described);
    });
}

ledger::ledger(record& into, store::run_id run)
    : into_{into}, id_{std::make_shared<store::run_id>(run)}
{
}

std::optional<store::run_id> ledger::run() const
{
    return into_.kept(begun_) ? std::optional{*id_} : std::nullopt;
}

void ledger::when_kept(std::function<void()> then)
{
    into_.when_kept([self = std::weak_ptr{self_}, then = std::move(then)] {
        if (!self.expired())
            then();
    });
}

void ledger::keep(row what)
{
    into_.add([id = id_, what = std::move(what)](store::database& at) { write(at, what, *id); });
}

void ledger::opened(const opened_connection& here)
{
    keep(row_of(here));
}

void ledger::closed(std::uint32_t connection, const std::string& client_saw, nanoseconds at)
{
    auto end = closing_row(connection, client_saw, at);
    if (const auto seen = ages_.extract(connection)) {
        end.last_delivered = seen.mapped().last_delivered;
        end.first_undelivered = seen.mapped().first_undelivered;
    }
    keep(std::move(end));
}

void ledger::settled(const flight& probe, outcome result, nanoseconds at)
{
    auto& seen = ages_[probe.connection];
    if (result == outcome::delivered)
        seen.last_delivered = std::max(seen.last_delivered.value_or(nanoseconds{}), probe.idle_age);
    else if (result != outcome::voided && !seen.first_undelivered)
        seen.first_undelivered = probe.idle_age;
    keep(row_of(probe, result, at));
}

void ledger::happened(nanoseconds at, observation::happening what, const std::string& detail)
{
    keep(store::event{.at = at, .kind = std::string{to_string(what)}, .detail = detail});
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
    path_figures samples;
    for (const auto& each : figures)
        samples.push_back({.at = at, .source = source, .name = each.name, .value = each.value});
    keep(std::move(samples));
}

void ledger::end(store::run_state how, const std::string& note)
{
    into_.write([id = id_, how, at = utc_now(),
                 said = note.empty() ? std::nullopt : std::optional{note}](store::database& into) {
        into.end_run(*id, how, at, said);
    });
}

}  // namespace deadair::prober
