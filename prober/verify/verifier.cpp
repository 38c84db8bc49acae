#include "prober/verify/verifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr auto draw_interval = 100ms;

}  // namespace

verifier::verifier(boost::asio::io_context& io, const target& server, holding::settings how,
                   record what, store::database& into, progress& show)
    : how_{how},
      description_{std::move(what.description)},
      into_{into},
      show_{show},
      score_{how.plan.idle_timeout},
      holding_{io, server, std::move(how), *this},
      evidence_watch_{io, std::move(what.evidence), holding_.stay().clock(), into},
      draw_timer_{io}
{
}

void verifier::start()
{
    holding_.start();
    draw();
}

void verifier::interrupt()
{
    if (over_)
        return;
    interrupted_ = true;
    if (run_)
        return finish(store::run_state::interrupted);
    failure_ = "interrupted before the server answered";
    stop();
    tell_that_it_is_over();
}

store::run_id verifier::on_begin()
{
    description_.started_at = utc_now();
    run_ = into_.begin_run(description_);
    evidence_watch_.start(*run_);
    return *run_;
}

void verifier::on_refused(const std::string& why)
{
    failure_ = why;
    if (run_)
        return finish(store::run_state::failed);
    stop();
    tell_that_it_is_over();
}

void verifier::on_said(const hold::message& said, const flight&, outcome result, connection*)
{
    score_.add(said, result);
}

void verifier::on_ended(connection& here, const flight& seen, outcome result, bool control)
{
    score_.add_end(here.on(), seen.way, control, result);
}

void verifier::on_done()
{
    finish(store::run_state::finished);
}

void verifier::draw()
{
    verification_progress now;
    now.elapsed = holding_.now();
    now.expected_end = how_.plan.until.value_or(0ns);
    now.open = holding_.stay().seen().waiting();
    now.outage = holding_.stay().seen().outage();
    for (const auto& [where, seen] : score_.strata()) {
        now.delivered += seen.telling + seen.brief - seen.missed;
        now.missed += seen.failed();
        now.voided += seen.voided;
        now.controls_died += seen.controls_died;
    }
    show_.update(now);
    draw_timer_.expires_after(draw_interval);
    draw_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !over_)
            draw();
    });
}

void verifier::finish(store::run_state how)
{
    holding_.stop();
    into_.end_run(*run_, how, utc_now(), std::nullopt);
    keep_verdict();
    stop();
    evidence_watch_.finish([this] { tell_that_it_is_over(); });
}

void verifier::keep_verdict()
{
    const auto said = hold::judge(score_);
    into_.add(store::verification{.run = *run_,
                                  .tcp_keepalive = how_.with.tcp_keepalive,
                                  .ws_ping = how_.with.ws_ping,
                                  .idle_reconnect = how_.with.idle_reconnect,
                                  .max_connection_age = how_.with.max_age,
                                  .idle_timeout = how_.plan.idle_timeout,
                                  .result = std::string{hold::to_string(said.result)},
                                  .missed = said.failed,
                                  .tried = said.tried,
                                  .share_low = said.share.low,
                                  .share_high = said.share.high,
                                  .confidence = hold::confidence,
                                  .reason = said.reason});
}

void verifier::stop()
{
    over_ = true;
    draw_timer_.cancel();
    holding_.stop();
    show_.finish();
}

void verifier::tell_that_it_is_over()
{
    if (when_over_)
        when_over_();
}

std::vector<std::string> verification_progress::live_lines(std::size_t width) const
{
    auto line = fmt::format("{} of {}, {}", format_duration(elapsed), format_duration(expected_end),
                            plain_line());
    line.resize(std::min(line.size(), width));
    return {line};
}

std::string verification_progress::plain_line() const
{
    return fmt::format(
        "{} connections held; messages: {} delivered, {} missed, {} void; controls dead: {}{}",
        open, delivered, missed, voided, controls_died,
        outage ? "; OUTAGE: the server is not heard" : "");
}

std::string verification_progress::json_line() const
{
    return fmt::format(
        R"({{"elapsed_s":{:.3f},"expected_end_s":{:.3f},"open":{},"delivered":{},"missed":{},)"
        R"("void":{},"controls_died":{},"outage":{}}})",
        to_seconds(elapsed), to_seconds(expected_end), open, delivered, missed, voided,
        controls_died, outage);
}

}  // namespace deadair::prober
