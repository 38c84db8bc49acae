#include "analysis/recommend/writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/recommend/formulas.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds folk_write_timeout = 180s;
constexpr double segment_bytes = 1400;
constexpr unsigned tries_most = 64;  // beyond, each costs 120 s more

double segments(const conditions& given)
{
    return std::max(1.0, static_cast<double>(given.largest_upload_bytes) / segment_bytes);
}

double loss_of(const conditions& given)
{
    return given.writes ? given.writes->packet_loss : given.packet_loss;
}

nanoseconds round_trip_of(const conditions& given)
{
    return given.writes ? given.writes->round_trip : given.round_trip;
}

// How long a write waits until its `tries`-th retransmission has been answered.
nanoseconds stall_of(unsigned tries, const conditions& given)
{
    return last_try_after(tries + 1, write_rto(given)) + round_trip_of(given) + 1s;
}

std::string chance_text(double chance)
{
    return chance < 1e-12 ? "practically never" : fmt::format("with probability {:.1g}", chance);
}

}  // namespace

nanoseconds write_rto(const conditions& given)
{
    return given.writes ? given.writes->rto : retransmission_timeout(given);
}

nanoseconds write_stall_max(const conditions& given)
{
    const double needed = std::ceil(std::log(segments(given) / failure_max) /
                                    std::log(1 / exchange_loss(loss_of(given))));
    const auto tries = static_cast<unsigned>(std::min<double>(needed, tries_most));
    const auto outage = burst + round_trip_of(given) + 1s;
    const auto seen = given.writes ? 2 * given.writes->longest_stall : 0s;
    return std::max({stall_of(tries, given), outage, seen});
}

double false_abort_chance(nanoseconds no_progress, const conditions& given)
{
    unsigned tries = 0;
    while (tries < tries_most && stall_of(tries + 1, given) <= no_progress)
        ++tries;
    return std::min(1.0, segments(given) * std::pow(exchange_loss(loss_of(given)), tries));
}

std::optional<nanoseconds> total_deadline(const conditions& given)
{
    if (!given.writes || given.writes->goodput_low <= 0)
        return std::nullopt;
    // How much slower than the slowest of twenty the slowest of a million is, by how much slower
    // the slowest of twenty is than the middle one.
    struct scatter {
        double middle_to_low;
        double factor;
    };
    constexpr std::array<scatter, 4> table{{{1.5, 2.2}, {2, 3.7}, {3, 8.0}, {5, 20.9}}};
    const double seen = given.writes->goodput_median / given.writes->goodput_low;
    const auto* const row = std::ranges::find_if(
        table, [seen](const scatter& each) { return seen <= each.middle_to_low; });
    const double factor = row == table.end() ? table.back().factor : row->factor;
    const double transfer_s =
        static_cast<double>(given.largest_upload_bytes) / given.writes->goodput_low;
    // A stall that is allowed comes on top of the transfer itself.
    return std::max(from_seconds(transfer_s * factor) + 1s,
                    write_stall_max(given) + from_seconds(transfer_s));
}

std::string write_timeout_reason(nanoseconds stall, const conditions& given)
{
    const auto size = format_byte_count(static_cast<double>(given.largest_upload_bytes));
    auto text = fmt::format(
        "time without progress, not in total: {} at {:.2g} % loss, a round trip of {} and a "
        "retransmission timeout of {}{} stall for longer {}, and a dead connection is noticed in "
        "that time; the usual {} are exceeded {} and notice it after {}",
        size, loss_of(given) * 100, format_duration(round_trip_of(given)),
        format_duration(write_rto(given)),
        given.writes ? fmt::format(" (measured on {} uploads)", given.writes->transfers) : "",
        chance_text(false_abort_chance(stall, given)), format_duration(folk_write_timeout),
        chance_text(false_abort_chance(folk_write_timeout, given)),
        format_duration(folk_write_timeout));
    if (given.writes && 2 * given.writes->longest_stall >= stall)
        text += fmt::format("; twice the longest stall that was seen, {}",
                            format_duration(given.writes->longest_stall));
    if (const auto deadline = total_deadline(given))
        text += fmt::format("; where only a total time can be set, {}", format_duration(*deadline));
    return text;
}

}  // namespace deadair::recommend
