#include "prober/hops/measurement.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "prober/hops/plan/bisection.hpp"
#include "prober/hops/plan/control_path.hpp"
#include "prober/hops/plan/verdict.hpp"

namespace deadair::prober::hops {

namespace {

// Connections of the other path are numbered from there.
constexpr std::uint32_t others_from = 1'000'000;

}  // namespace

measurement::measurement(boost::asio::io_context& io, const target& server, settings how,
                         record& into, progress& show)
    : task{io},
      with_{std::move(how)},
      into_{into},
      show_{show},
      main_{io, server, {.server = with_.server, .clock = with_.clock}, with_.numbered_from, *this}
{
    if (with_.other)
        other_.emplace(io, *with_.other->server,
                       stay::settings{.server = with_.other->how, .clock = with_.clock},
                       others_from, *this);
    other_done_ = !other_;
}

void measurement::begin()
{
    main_.start();
}

// The run begins with the server that it is about; the other one follows.
ledger& measurement::on_begin(errand& here, std::uint32_t connections_max)
{
    if (&here == &main_) {
        begin_main(connections_max);
        if (other_)
            other_->start();
    } else {
        auto of = with_.what;
        of.on = with_.other->on;
        other_->begin(of, hops_plan::trials_of_control_path(of));
    }
    return *ledger_;
}

void measurement::begin_main(std::uint32_t connections_max)
{
    if (with_.within)
        ledger_.emplace(into_, *with_.within);
    else
        ledger_.emplace(into_, with_.description);
    if (!main_.server_can_refresh_within()) {
        with_.what.from_server = false;
        remarks_.emplace_back(
            "the server cannot send such keepalives, since it is of an older version or its system "
            "does not allow them, so only this end tells something");
    }
    with_.what.connections = std::min(with_.what.connections, connections_max);
    refusal_ = hops_plan::refuse(with_.what).value_or("");
    main_.begin(with_.what, refusal_.empty() ? hops_plan::trials_of(with_.what)
                                             : std::vector<hops_plan::trial>{});
}

void measurement::on_refused(errand& here, const std::string& why)
{
    if (&here != &main_) {
        remarks_.push_back(fmt::format("{}: {}", with_.other->endpoint, why));
        other_done_ = true;
        if (main_done_)
            finish(store::run_state::finished);
        return;
    }
    if (!ledger_)
        return fail(why);
    result().failure = why;
    finish(store::run_state::failed);
}

void measurement::on_settled(errand& here, store::hop_probe row)
{
    row.hop_probe_id = ++last_probe_;
    row.control = &here != &main_;
    (row.result == outcome::delivered ? counts_.delivered
     : row.result == outcome::voided  ? counts_.voided
                                      : counts_.not_delivered) += 1;
    ledger_->keep(std::move(row));
}

void measurement::on_done(errand& here)
{
    if (&here == &main_ && !std::exchange(went_on_, true)) {
        const auto more = hops_plan::second_round(with_.what, main_.course_so_far()->results());
        if (refusal_.empty() && !more.empty())
            return main_.go_on(more);
    }
    (&here == &main_ ? main_done_ : other_done_) = true;
    if (main_done_ && other_done_)
        finish(store::run_state::finished);
}

void measurement::draw()
{
    if (main_.course_so_far() == nullptr)
        return;
    counts_.elapsed = main_.at().now();
    counts_.expected_end = main_.course_so_far()->expected_end();
    counts_.open = main_.at().seen().waiting();
    counts_.outage = main_.at().seen().outage();
    show_.update(counts_);
}

void measurement::wind_up()
{
    if (ledger_)
        return finish(store::run_state::interrupted);
    fail("interrupted before the server answered");
}

void measurement::halt()
{
    main_.stop();
    if (other_)
        other_->stop();
    show_.finish();
}

void measurement::finish(store::run_state state)
{
    end([this, state] { conclude(state); });
}

void measurement::conclude(store::run_state state)
{
    store::hops_found all;
    all.way = with_.way;
    if (state == store::run_state::finished)
        judge(all);
    ledger_->keep(std::move(all));
    // Whoever began the run knows how it went; this only lengthens it.
    ledger_->end(with_.within ? store::run_state::finished : state, how().failure);
    ledger_->when_kept([this] { over(); });
}

void measurement::judge(store::hops_found& into)
{
    const auto said = hops_plan::judge(with_.what, main_.course_so_far()->results());
    for (const auto& each : said.boxes)
        into.boxes.push_back({.nearest = each.where.nearest,
                              .farthest = each.where.farthest,
                              .low = each.low,
                              .high = each.high,
                              .seen_from = each.seen_from,
                              .remark = each.remark});
    remarks_.insert(remarks_.end(), said.remarks.begin(), said.remarks.end());
    into.verdict = store::hop_verdict{.longest = hops_plan::age_last(with_.what),
                                      .untold = refusal_.empty() ? said.untold : refusal_,
                                      .remarks = remarks_,
                                      .control_endpoint = {},
                                      .control = {},
                                      .control_shared_hops = {}};
    judge_other(*into.verdict);
}

void measurement::judge_other(store::hop_verdict& into) const
{
    if (!with_.other)
        return;
    into.control_endpoint = with_.other->endpoint;
    into.control_shared_hops = with_.other->shared_hops;
    const auto said =
        other_->course_so_far() == nullptr
            ? hops_plan::control_path::untold
            : hops_plan::judge_control_path(with_.what, other_->course_so_far()->results());
    into.control = static_cast<store::control_path>(said);
}

std::vector<store::hop> rows_of(const std::vector<evidence::hop>& way, const evidence::peer& server)
{
    std::vector<store::hop> all;
    for (const auto& each : way)
        all.push_back({.number = static_cast<int>(all.size()) + 1,
                       .address = each.arrived ? evidence::to_string(server)
                                               : fmt::format("{}", fmt::join(each.addresses, ", ")),
                       .server = each.arrived});
    return all;
}

std::optional<std::string> way_refused(const std::vector<store::hop>& way)
{
    if (!way.empty() && way.back().server)
        return std::nullopt;
    return fmt::format(
        "it was not reached by TCP within {} hops; is the echo server running there, and may this "
        "host reach the port?",
        way.size());
}

int shared_hops(const std::vector<store::hop>& one, const std::vector<store::hop>& other)
{
    int shared = 0;
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
        if (one[i].address.empty() || one[i] != other[i] || one[i].server)
            break;
        ++shared;
    }
    return shared;
}

std::vector<std::string> hops_progress::live_lines(std::size_t width) const
{
    auto line = fmt::format("{} of {}, {}", format_duration(elapsed), format_duration(expected_end),
                            plain_line());
    line.resize(std::min(line.size(), width));
    return {line};
}

std::string hops_progress::plain_line() const
{
    return fmt::format("{} connections open; probes: {} delivered, {} not, {} void{}", open,
                       delivered, not_delivered, voided,
                       outage ? "; OUTAGE: the server is not heard" : "");
}

std::string hops_progress::json_line() const
{
    return fmt::format(R"({{"elapsed_s":{:.3f},"expected_end_s":{:.3f},"open":{},"delivered":{},)"
                       R"("not_delivered":{},"void":{},"outage":{}}})",
                       to_seconds(elapsed), to_seconds(expected_end), open, delivered,
                       not_delivered, voided, outage);
}

}  // namespace deadair::prober::hops
