// Each setting from what is safe to build on.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/recommend/dead_writer.hpp"
#include "analysis/recommend/formulas.hpp"
#include "analysis/recommend/rounding.hpp"
#include "analysis/recommend/writes.hpp"

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;

// What is usually set without a measurement, to be named where it would not hold.
constexpr nanoseconds folk_ping = 30s;
constexpr nanoseconds folk_keepalive = 7200s;  // Linux's default, tcp(7)
constexpr nanoseconds folk_reconnect = 600s;
constexpr nanoseconds folk_health_check = 120s;

constexpr unsigned tcp_retries2 = 15;   // Linux's default, tcp(7)
constexpr nanoseconds rto_min = 200ms;  // TCP_RTO_MIN: the earliest that the kernel gives up

std::string loss_text(const conditions& given)
{
    return fmt::format("{:.2g} % loss", given.packet_loss * 100);
}

/// Builds the list: each setting with what they all share.
class builder {
public:
    builder(const basis& on, const conditions& given) : on_{on}, given_{given} {}

    void set(setting_name setting, double value, const char* unit, std::string reason)
    {
        list_.push_back({setting, value, unit, on_.low_confidence, std::move(reason)});
    }
    /// What only helps if it counts on this path: whether it does must have been tried.
    void set_refresh(setting_name setting, double value, const usefulness& effect,
                     std::string reason)
    {
        const bool untried = on_.expired && !effect.counts;
        if (untried)
            reason += "; whether it counts on this path was not tried";
        list_.push_back({setting, value, "s", on_.low_confidence || untried, std::move(reason)});
    }
    void leave(setting_name setting, const char* unit, std::string reason)
    {
        list_.push_back({setting, std::nullopt, unit, on_.low_confidence, std::move(reason)});
    }

    void add_tcp_keepalive();
    void add_websocket();
    void add_reconnect();
    void add_write_timeout();
    void add_health_check();
    void add_age();
    void add_retry();
    std::vector<recommendation> list() && { return std::move(list_); }

private:
    void leave_tcp_keepalive(const std::string& why);
    std::string why_in_vain(std::string_view what, const usefulness& effect) const;
    void add_user_timeout(const keepalive& found);
    void add_ping_interval();
    std::string in_vain(std::string_view what) const;
    bool age_alone() const { return on_.age && !on_.expired; }
    std::string no_help(std::string_view what) const;

    const basis& on_;
    const conditions& given_;
    std::vector<recommendation> list_;
};

std::string builder::in_vain(std::string_view what) const
{
    return fmt::format("{} did not keep the binding alive in this run{}", what,
                       on_.data.counts == false ? "" : ": send data instead");
}

// Nothing that is sent saves a connection from its age.
std::string builder::no_help(std::string_view what) const
{
    return fmt::format(
        "{} does not help: connections end at an age above {}, however busy they are, and silence "
        "ended none; see max_connection_age",
        what, format_duration(on_.age->low));
}

// Empty where it may help.
std::string builder::why_in_vain(std::string_view what, const usefulness& effect) const
{
    if (age_alone())
        return no_help(what);
    if (effect.counts == false)
        return in_vain(what);
    return on_.only_the_client_spoke
               ? "nothing expired, but only what the client says first was tried: a firewall may "
                 "have forgotten the connection, take that for a new one, and lose what the server "
                 "says first; measure that too, with deadair-echo-server on the far side"
               : std::string{};
}

// "; it counts from the server only": who sets it on the other side sets it in vain.
std::string one_side(const usefulness& effect)
{
    return effect.only_from == refresh_side::none
               ? std::string{}
               : fmt::format("; it counts from the {} only", to_string(effect.only_from));
}

void builder::leave_tcp_keepalive(const std::string& why)
{
    leave(setting_name::tcp_keepalive_idle, "s", why);
    leave(setting_name::tcp_keepalive_interval, "s", why);
    leave(setting_name::tcp_keepalive_count, "count", why);
    set(setting_name::tcp_user_timeout, std::ceil(to_seconds(write_stall_max(given_))), "s",
        "written data that stays unacknowledged for so long will not arrive any more");
}

void builder::add_tcp_keepalive()
{
    const auto longest = tcp_keepalive_max(on_.safe, given_);
    if (const auto why = why_in_vain("TCP keepalive", on_.tcp_keepalive); !why.empty())
        return leave_tcp_keepalive(why);
    if (on_.ends_tcp && !on_.tcp_keepalive.counts)
        return leave_tcp_keepalive(
            "connections end in order at the timeout, so what ends them speaks TCP itself and "
            "answers keepalives without counting them: send pings or data instead");
    if (longest < 1s)
        return leave_tcp_keepalive(
            fmt::format("{}, too little for a keepalive to arrive in time", on_.grounds));
    const auto found = tcp_keepalive(on_.safe, given_);
    const auto* when = 2 * found.idle + 2s > on_.safe ? "the first probe leaves at half of that"
                       : 3 * longest > on_.safe
                           ? "the first probe leaves early enough to outlast an outage of 10 s"
                           : "the first probe leaves at a third of that, too short for an outage "
                             "of 10 s to be outlasted";
    auto why = fmt::format("{}; {}{}", on_.grounds, when, one_side(on_.tcp_keepalive));
    if (on_.expired && on_.safe < folk_keepalive)
        why += fmt::format(" (the system's {} is too late)", format_duration(folk_keepalive));
    set_refresh(setting_name::tcp_keepalive_idle, whole_seconds(found.idle), on_.tcp_keepalive,
                std::move(why));
    set(setting_name::tcp_keepalive_interval, whole_seconds(found.interval), "s",
        fmt::format("a lost probe is repeated soon enough that several fit before {}",
                    format_duration(on_.safe)));
    set(setting_name::tcp_keepalive_count, found.count, "count",
        fmt::format("so many unanswered probes at {} mean a dead peer, not chance; it is noticed "
                    "after {}",
                    loss_text(given_), format_duration(found.detection)));
    add_user_timeout(found);
}

void builder::add_user_timeout(const keepalive& found)
{
    // A little below, so that the keepalive count is not cut short by one probe (tcp(7)).
    const auto limit = found.detection - found.interval / 2;
    const auto kernel = kernel_gives_up_after(rto_min, tcp_retries2);
    if (limit >= kernel)
        return leave(setting_name::tcp_user_timeout, "s",
                     fmt::format("it replaces the kernel's own limit of {} for written data that "
                                 "nobody acknowledges (tcp_retries2), and would have to be {}, so "
                                 "as not to cut keepalive short",
                                 format_duration(kernel), seconds_text(limit)));
    set(setting_name::tcp_user_timeout, whole_seconds(limit), "s",
        fmt::format("just below keepalive's own {}, so that written data gives up when keepalive "
                    "does and not after the kernel's {} (tcp_retries2)",
                    format_duration(found.detection), format_duration(kernel)));
}

void builder::add_ping_interval()
{
    const auto longest = data_ping_max(on_.safe, given_);
    const auto interval = std::min(longest, on_.safe / 2);
    if (const auto why = why_in_vain("a WebSocket ping", on_.ws_ping); !why.empty())
        return leave(setting_name::websocket_ping_interval, "s", why);
    if (interval < finest)
        return leave(setting_name::websocket_ping_interval, "s",
                     fmt::format("{}, too little for a ping to be repeated", on_.grounds));
    auto why = fmt::format(
        "{}; a ping may be late by its retransmissions at {}, so {} is the longest that works{}",
        on_.grounds, loss_text(given_), format_duration(longest), one_side(on_.ws_ping));
    if (on_.expired && longest < folk_ping)
        why += fmt::format(" (the usual {} does not)", format_duration(folk_ping));
    set_refresh(setting_name::websocket_ping_interval, fine_seconds(interval), on_.ws_ping,
                std::move(why));
}

void builder::add_websocket()
{
    add_ping_interval();
    set(setting_name::websocket_pong_timeout, std::ceil(to_seconds(pong_wait_max(given_))), "s",
        fmt::format("long enough for an outage of 10 s and for retransmissions at {} and a round "
                    "trip of {}; who waits longer waits for nothing",
                    loss_text(given_), format_duration(given_.round_trip)));
}

void builder::add_reconnect()
{
    const auto last = reuse_max(on_.safe, given_);
    if (last < finest)
        return leave(setting_name::idle_reconnect, "s",
                     fmt::format("do not reuse an idle connection: {} is too short to send, lose "
                                 "and repeat a first message",
                                 format_duration(on_.safe)));
    auto why =
        fmt::format("{}; a first message must leave early enough to be repeated", on_.grounds);
    if (on_.expired && last < folk_reconnect)
        why += fmt::format(" (reconnect after {} is too late: at {} the last safe moment is {})",
                           seconds_text(folk_reconnect), loss_text(given_), seconds_text(last));
    set(setting_name::idle_reconnect, fine_seconds(last), "s", std::move(why));
}

void builder::add_write_timeout()
{
    const auto stall = write_stall_max(given_);
    if (given_.uploads_stall)
        return leave(setting_name::write_timeout, "s",
                     "uploads stall on living connections here, however long they are waited for: "
                     "large packets of the client's are lost (MTU); mend that first");
    set(setting_name::write_timeout, std::ceil(to_seconds(stall)), "s",
        write_timeout_reason(stall, given_));
}

// Needs no trial: it is what the probes are, and no silence after one would tell a timeout if they
// did not count.
void builder::add_health_check()
{
    const auto longest = data_ping_max(on_.safe, given_);
    const auto interval = std::min(longest, on_.safe / 2);
    if (const auto why = why_in_vain("a health check", on_.data); !why.empty())
        return leave(setting_name::health_check_interval, "s", why);
    if (interval < finest)
        return leave(setting_name::health_check_interval, "s",
                     "no interval is short enough; see idle_reconnect");
    const bool alone = on_.ws_ping.counts == false && on_.tcp_keepalive.counts == false;
    auto why = alone ? fmt::format("{}; only data keeps the binding alive, on the very connection",
                                   on_.grounds)
                     : std::string{
                           "as the WebSocket ping, and only if it travels on the very "
                           "connection that is to live; with pings it is not needed"};
    why += one_side(on_.data);
    if (on_.expired && longest < folk_health_check)
        why += fmt::format(" (the usual {} is too late)", seconds_text(folk_health_check));
    set(setting_name::health_check_interval, fine_seconds(interval), "s", std::move(why));
}

void builder::add_age()
{
    if (!on_.age)
        return leave(setting_name::max_connection_age, "s",
                     "no connection was seen to end because of its age; a limit would only cost "
                     "reconnects");
    const auto safe = safe_age(on_.age->low);
    if (safe < 1s)
        return leave(setting_name::max_connection_age, "s",
                     fmt::format("{} ends busy connections too early for any age to be safe",
                                 on_.age->where));
    set(setting_name::max_connection_age, fine_seconds(safe), "s",
        fmt::format("{} ends busy connections too, at an age above {}: replace them before",
                    on_.age->where, format_duration(on_.age->low)));
}

void builder::add_retry()
{
    const auto initial = std::max<nanoseconds>(1s, 2 * write_rto(given_));
    set(setting_name::retry_backoff_initial, fine_seconds(initial), "s",
        fmt::format("two retransmission timeouts of {}, and 1 s at least: long enough for a new "
                    "connection's first lost packet to be repeated; then double it",
                    format_duration(write_rto(given_))));
    set(setting_name::retry_backoff_max, fine_seconds(std::max<nanoseconds>(30s, 8 * initial)), "s",
        "an outage is noticed to be over within so much, and the server is not flooded; add "
        "randomness");
}

}  // namespace

std::vector<recommendation> settings_for(const basis& on, const conditions& given)
{
    builder settings{on, given};
    settings.add_tcp_keepalive();
    settings.add_websocket();
    settings.add_reconnect();
    settings.add_write_timeout();
    settings.add_health_check();
    settings.add_age();
    settings.add_retry();
    return std::move(settings).list();
}

}  // namespace deadair::recommend
