#include "analysis/recommend/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/recommend/formulas.hpp"

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

// What is usually set without a measurement, to be named where it would not hold.
constexpr nanoseconds folk_ping = 30s;
constexpr nanoseconds folk_keepalive = 7200s;  // Linux's default, tcp(7)
constexpr nanoseconds folk_reconnect = 600s;
constexpr nanoseconds folk_write_timeout = 180s;

// Fewer probes than this say little about a stratum.
constexpr std::uint32_t few_probes = 4;

double whole_seconds(nanoseconds value)
{
    return std::max(1.0, std::floor(to_seconds(value)));
}

// Below ten seconds a tenth matters.
double fine_seconds(nanoseconds value)
{
    const double seconds = to_seconds(value);
    return seconds >= 10 ? std::floor(seconds) : std::max(0.1, std::floor(seconds * 10) / 10);
}

std::string loss_text(const conditions& given)
{
    return fmt::format("{:.2g} % loss", given.packet_loss * 100);
}

/// Builds the list: each setting with what they all share.
class builder {
public:
    builder(const basis& on, const conditions& given) : on_{on}, given_{given} {}

    void set(const char* setting, double value, const char* unit, std::string reason)
    {
        list_.push_back({setting, value, unit, on_.low_confidence, std::move(reason)});
    }
    void leave(const char* setting, const char* unit, std::string reason)
    {
        list_.push_back({setting, std::nullopt, unit, on_.low_confidence, std::move(reason)});
    }

    void add_tcp_keepalive();
    void add_websocket();
    void add_reconnect();
    void add_write_timeout();
    void add_rest();
    std::vector<recommendation> list() && { return std::move(list_); }

private:
    std::string built_on() const
    {
        return fmt::format("{}, so {} is safe to build on", on_.where, format_duration(on_.safe));
    }

    const basis& on_;
    const conditions& given_;
    std::vector<recommendation> list_;
};

void builder::add_tcp_keepalive()
{
    if (!on_.tcp_keepalive_counts) {
        const std::string why =
            "TCP keepalive did not keep the binding alive in this run: send data instead";
        leave("tcp_keepalive_idle", "s", why);
        leave("tcp_keepalive_interval", "s", why);
        leave("tcp_keepalive_count", "count", why);
        set("tcp_user_timeout", std::ceil(to_seconds(write_stall_max(given_))), "s",
            "written data that stays unacknowledged for so long will not arrive any more");
        return;
    }
    const auto found = tcp_keepalive(on_.safe, given_);
    auto why =
        fmt::format("{}; {}", built_on(),
                    2 * found.idle + 1s >= on_.safe
                        ? "the first probe leaves at half of that"
                        : "the first probe leaves early enough to outlast an outage of 10 s");
    if (on_.expired && on_.safe < folk_keepalive)
        why += fmt::format(" (the system's {} is too late)", format_duration(folk_keepalive));
    set("tcp_keepalive_idle", whole_seconds(found.idle), "s", std::move(why));
    set("tcp_keepalive_interval", whole_seconds(found.interval), "s",
        fmt::format("a lost probe is repeated soon enough that several fit before {}",
                    format_duration(on_.safe)));
    set("tcp_keepalive_count", found.count, "count",
        fmt::format("so many unanswered probes at {} mean a dead peer, not chance; it is noticed "
                    "after {}",
                    loss_text(given_), format_duration(found.detection)));
    // A little below, so that the keepalive count is not cut short by one probe (tcp(7)).
    set("tcp_user_timeout", whole_seconds(found.detection - found.interval / 2), "s",
        fmt::format("just below keepalive's own {}, so that written data gives up when keepalive "
                    "does and not after the kernel's 15 minutes",
                    format_duration(found.detection)));
}

void builder::add_websocket()
{
    const auto longest = data_ping_max(on_.safe, given_);
    const auto interval = std::min(longest, on_.safe / 2);
    if (interval <= 0s) {
        leave(
            "websocket_ping_interval", "s",
            fmt::format("{} leaves no time for a ping to be repeated", format_duration(on_.safe)));
    } else {
        auto why = fmt::format(
            "{}; a ping may be late by its retransmissions at {}, so {} is the "
            "longest that works",
            built_on(), loss_text(given_), format_duration(longest));
        if (on_.expired && longest < folk_ping)
            why += fmt::format(" (the usual {} does not)", format_duration(folk_ping));
        set("websocket_ping_interval", fine_seconds(interval), "s", std::move(why));
    }
    const auto tries = tries_for(failure_max, std::clamp(given_.packet_loss, 0.001, 0.5));
    const auto patience =
        last_try_after(tries, retransmission_timeout(given_)) + given_.round_trip + scheduling;
    set("websocket_pong_timeout", std::ceil(to_seconds(patience)), "s",
        fmt::format("{} tries at a round trip of {} and {}; who waits longer waits for nothing",
                    tries, format_duration(given_.round_trip), loss_text(given_)));
}

void builder::add_reconnect()
{
    const auto last = reuse_max(on_.safe, given_);
    if (last <= 0s)
        return leave("idle_reconnect", "s",
                     fmt::format("do not reuse an idle connection: {} is too short to send, lose "
                                 "and repeat a first message",
                                 format_duration(on_.safe)));
    auto why =
        fmt::format("{}; a first message must leave early enough to be repeated", built_on());
    if (on_.expired && last < folk_reconnect)
        why +=
            fmt::format(" (reconnecting after {} is too late: at {} the last safe moment is {})",
                        format_duration(folk_reconnect), loss_text(given_), format_duration(last));
    set("idle_reconnect", fine_seconds(last), "s", std::move(why));
}

void builder::add_write_timeout()
{
    const auto stall = write_stall_max(given_);
    set("write_timeout", std::ceil(to_seconds(stall)), "s",
        fmt::format("time without progress, not in total: {} MB at {} and a round trip of {} stall "
                    "longer once in a million uploads (the usual {} {})",
                    static_cast<double>(given_.largest_upload_bytes) / 1e6, loss_text(given_),
                    format_duration(given_.round_trip), format_duration(folk_write_timeout),
                    stall < folk_write_timeout ? "only waits longer" : "gives up too soon"));
}

void builder::add_rest()
{
    const auto health = std::min(data_ping_max(on_.safe, given_), on_.safe / 2);
    if (health > 0s)
        set("health_check_interval", fine_seconds(health), "s",
            "as the WebSocket ping, and only if it travels on the very connection that is to live; "
            "with pings it is not needed");
    else
        leave("health_check_interval", "s", "no interval is short enough; see idle_reconnect");
    leave("max_connection_age", "s",
          "no connection was seen to end because of its age; a limit would only cost reconnects");
    const auto initial = std::max<nanoseconds>(1s, 2 * retransmission_timeout(given_));
    set("retry_backoff_initial", fine_seconds(initial), "s",
        "long enough for a new connection's first lost packet to be repeated; then double it");
    set("retry_backoff_max", fine_seconds(std::max<nanoseconds>(30s, 8 * initial)), "s",
        "an outage is noticed to be over within so much, and the server is not flooded; add "
        "randomness");
}

bool is_silent_stratum(const finding& each)
{
    return each.where.by == refresh::none;
}

// The stratum that dies first; else the one that survived least.
const finding* deciding(std::span<const finding> found)
{
    const finding* worst = nullptr;
    for (const auto& each : found) {
        const bool expires =
            each.kind != finding_kind::none && each.kind != finding_kind::inconclusive && each.low;
        const bool lasts = each.kind == finding_kind::none && each.low;
        if (!is_silent_stratum(each) || (!expires && !lasts))
            continue;
        const bool worst_lasts = worst != nullptr && worst->kind == finding_kind::none;
        if (worst == nullptr || (expires && worst_lasts) ||
            (expires != worst_lasts && *each.low < *worst->low))
            worst = &each;
    }
    return worst;
}

bool keepalive_counts(std::span<const finding> found)
{
    return std::ranges::none_of(found, [](const finding& each) {
        return each.where.by == refresh::tcp_keepalive && each.idle_timeout;
    });
}

std::vector<recommendation> nothing_known()
{
    std::vector<recommendation> list;
    for (const auto& each : settings_for({.safe = 1h, .where = {}}, {})) {
        list.push_back({each.setting, std::nullopt, each.unit, true,
                        "nothing was measured that a value could be built on"});
    }
    return list;
}

}  // namespace

std::vector<recommendation> settings_for(const basis& on, const conditions& given)
{
    builder settings{on, given};
    settings.add_tcp_keepalive();
    settings.add_websocket();
    settings.add_reconnect();
    settings.add_write_timeout();
    settings.add_rest();
    return std::move(settings).list();
}

std::vector<recommendation> recommend(std::span<const finding> found, const conditions& given)
{
    const auto* worst = deciding(found);
    if (worst == nullptr)
        return nothing_known();
    const bool expired = worst->kind != finding_kind::none;
    const auto place =
        fmt::format("{} {}", to_string(worst->where.on.kind), to_string(worst->where.way));
    const basis on{
        .safe = safe_age(*worst->low),
        .where = fmt::format("{} {} {}", place, expired ? "dies after" : "survived",
                             format_duration(expired ? *worst->idle_timeout : *worst->low)),
        .expired = expired,
        .low_confidence = worst->kind == finding_kind::spread ||
                          worst->kind == finding_kind::mixture ||
                          worst->delivered + worst->not_delivered < few_probes,
        .tcp_keepalive_counts = keepalive_counts(found)};
    return settings_for(on, given);
}

}  // namespace deadair::recommend
