#include "analysis/recommend/formulas.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;

constexpr double day_s = 86'400;
constexpr double reuses_per_day = 1000;
// Where no loss was measured: tries are counted as if one packet in a thousand were lost.
constexpr double loss_min = 0.001;
constexpr nanoseconds rto_min = 200ms;  // Linux, TCP_RTO_MIN
constexpr nanoseconds rto_max = 120s;   // Linux, TCP_RTO_MAX
constexpr nanoseconds short_timeout = 120s;

double bounded(double packet_loss)
{
    return std::clamp(packet_loss, loss_min, 0.5);
}

double loss_of(const conditions& given)
{
    return bounded(given.packet_loss);
}

nanoseconds margin(const conditions& given)
{
    return given.round_trip + scheduling;
}

// A million days of signs of life, one each interval.
double chance_per_sign(nanoseconds interval)
{
    return failure_max / (day_s / to_seconds(interval));
}

nanoseconds keepalive_interval(nanoseconds safe)
{
    return safe < short_timeout ? 2s : 5s;
}

}  // namespace

nanoseconds safe_age(nanoseconds survived)
{
    return std::max<nanoseconds>(survived * 99 / 100 - 1s, 0s);
}

nanoseconds retransmission_timeout(const conditions& given)
{
    return given.round_trip + std::max<nanoseconds>(rto_min, 4 * given.round_trip_variation);
}

double exchange_loss(double packet_loss)
{
    const double through = 1 - bounded(packet_loss);
    return 1 - through * through;
}

unsigned tries_for(double chance, double packet_loss)
{
    return static_cast<unsigned>(
        std::max(2.0, std::ceil(std::log(chance) / std::log(packet_loss))));
}

nanoseconds last_try_after(unsigned tries, nanoseconds rto)
{
    nanoseconds total{};
    auto step = rto;
    for (unsigned each = 1; each < tries; ++each) {
        total += std::min(step, rto_max);
        step = std::min(2 * step, rto_max);
    }
    return total;
}

nanoseconds tcp_keepalive_max(nanoseconds safe, const conditions& given)
{
    if (safe <= margin(given))
        return 0s;
    const auto tries = tries_for(chance_per_sign(safe), loss_of(given));
    const auto spare = std::max<nanoseconds>((tries - 1) * keepalive_interval(safe), burst);
    // A timeout so short leaves no room for a burst: a third of it is what can be done.
    return std::max(safe - margin(given) - spare, safe / 3);
}

keepalive tcp_keepalive(nanoseconds safe, const conditions& given)
{
    keepalive found;
    found.interval = keepalive_interval(safe);
    found.idle = std::min(tcp_keepalive_max(safe, given), safe / 2);
    found.idle = std::max<nanoseconds>(std::chrono::floor<std::chrono::seconds>(found.idle), 1s);
    const double probes = std::ceil(std::log(chance_per_sign(found.idle)) /
                                    std::log(exchange_loss(given.packet_loss)));
    const double patience = std::ceil(30 / to_seconds(found.interval));
    found.count = static_cast<unsigned>(std::max({3.0, probes, patience}));
    found.detection = found.idle + found.count * found.interval;
    return found;
}

nanoseconds data_ping_max(nanoseconds safe, const conditions& given)
{
    if (safe <= margin(given))
        return 0s;
    const auto tries = tries_for(chance_per_sign(safe), loss_of(given));
    const auto last = last_try_after(tries, retransmission_timeout(given));
    const auto room = safe - margin(given);
    return std::max(room - std::max<nanoseconds>(last, burst), room / tries);
}

nanoseconds pong_wait_max(const conditions& given)
{
    const auto tries = tries_for(failure_max, exchange_loss(given.packet_loss));
    const auto last = last_try_after(tries, retransmission_timeout(given));
    return std::max<nanoseconds>(last, burst) + margin(given);
}

nanoseconds reuse_max(nanoseconds safe, const conditions& given)
{
    const auto tries = tries_for(failure_max / reuses_per_day, loss_of(given));
    return safe - margin(given) - last_try_after(tries, retransmission_timeout(given));
}

}  // namespace deadair::recommend
