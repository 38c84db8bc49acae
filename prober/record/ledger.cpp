#include "prober/record/ledger.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <vector>

namespace deadair::prober {

ledger::ledger(boost::asio::io_context& io, const store::database& into, store::run_id run)
    : run_{run},
      self_{this, [](ledger*) {}},
      recorder_{into.file(), [&io, self = std::weak_ptr{self_}] {
                    boost::asio::post(io, [self] {
                        if (const auto here = self.lock())
                            here->look();
                    });
                }}
{
}

void ledger::keep(row what)
{
    last_ = recorder_.write([what = std::move(what)](store::database& into) { write(into, what); });
}

void ledger::when_kept(std::function<void()> then)
{
    awaited_.emplace_back(last_, std::move(then));
    look();
}

void ledger::look()
{
    const auto kept = recorder_.kept();
    while (!awaited_.empty() && awaited_.front().first <= kept) {
        const auto then = std::move(awaited_.front().second);
        awaited_.pop_front();
        then();
    }
}

void ledger::opened(connection& here)
{
    keep(row_of(here, run_));
}

void ledger::closed(connection& here, const std::string& client_saw, const std::string& server_saw,
                    nanoseconds at)
{
    const auto& seen = ages_[here.number()];
    keep(store::connection_end{.run = run_,
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
    keep(row_of(probe, result, run_, at));
}

void ledger::happened(nanoseconds at, const std::string& kind, const std::string& detail)
{
    keep(store::event{.run = run_, .at = at, .kind = kind, .detail = detail});
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
    last_ = recorder_.write(
        [samples = std::move(samples)](store::database& into) { into.add(samples); });
}

void ledger::end(store::run_state how, const std::string& note)
{
    recorder_.write(
        [run = run_, how, at = utc_now(), said = note.empty() ? std::nullopt : std::optional{note}](
            store::database& into) { into.end_run(run, how, at, said); });
    recorder_.flush();
}

}  // namespace deadair::prober
