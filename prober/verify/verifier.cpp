#include "prober/verify/verifier.hpp"

#include "prober/verify/verification_progress.hpp"

namespace deadair::prober {

using namespace std::chrono_literals;

verifier::verifier(boost::asio::io_context& io, const target& server, holding::settings how,
                   described what, record& into, progress& show)
    : task{io},
      with_{how},
      what_{std::move(what)},
      into_{into},
      show_{show},
      score_{how.plan.idle_timeout},
      holding_{io, server, std::move(how), *this},
      evidence_watch_{io, what_.evidence, holding_.stay().clock()}
{
}

ledger& verifier::on_begin()
{
    ledger_.emplace(into_, what_.run);
    evidence_watch_.start(*ledger_);
    return *ledger_;
}

void verifier::on_refused(const std::string& why)
{
    if (!ledger_)
        return fail(why);
    result().failure = why;
    finish(store::run_state::failed);
}

// Nothing is shown, and nothing judged, that is not on disk.
void verifier::on_said(const hold::message& said, const flight&, outcome result, connection*)
{
    ledger_->when_kept([this, said, result] { score_.add(said, result); });
}

void verifier::on_ended(connection& here, const flight& seen, outcome result, bool unprotected)
{
    ledger_->when_kept([this, on = here.on(), way = seen.way, result, unprotected] {
        score_.add_end(on, way, unprotected, result);
    });
}

void verifier::draw()
{
    verification_progress now;
    now.elapsed = holding_.now();
    now.expected_end = with_.plan.until.value_or(0ns);
    now.open = holding_.stay().seen().waiting();
    now.outage = holding_.stay().seen().outage();
    for (const auto& [where, seen] : score_.strata()) {
        now.delivered += seen.telling + seen.brief - seen.missed;
        now.missed += seen.failed();
        now.voided += seen.voided;
        now.unprotected_died += seen.unprotected_died;
    }
    show_.update(now);
}

void verifier::wind_up()
{
    if (ledger_)
        return finish(store::run_state::interrupted);
    fail("interrupted before the server answered");
}

void verifier::finish(store::run_state state)
{
    end([this, state] {
        evidence_watch_.finish([this, state] {
            // The verdict is of what is on disk.
            ledger_->when_kept([this, state] { conclude(state); });
        });
    });
}

void verifier::conclude(store::run_state state)
{
    if (state != store::run_state::failed)
        keep_verdict();
    ledger_->end(state, how().failure);
    ledger_->when_kept([this] { over(); });
}

void verifier::keep_verdict()
{
    const auto said = hold::judge(score_);
    const auto& with = with_.with;
    ledger_->keep(store::verification{.tcp_keepalive = with.tcp_keepalive,
                                      .ws_ping = with.ws_ping,
                                      .idle_reconnect = with.idle_reconnect,
                                      .max_connection_age = with.max_age,
                                      .idle_timeout = with_.plan.idle_timeout,
                                      .result = std::string{hold::to_string(said.result)},
                                      .missed = said.failed,
                                      .tried = said.tried,
                                      .share_low = said.share.low,
                                      .share_high = said.share.high,
                                      .confidence = hold::confidence,
                                      .reason = said.reason});
}

void verifier::halt()
{
    holding_.stop();
    show_.finish();
}

}  // namespace deadair::prober
