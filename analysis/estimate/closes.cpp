#include "analysis/estimate/closes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

struct known_default {
    nanoseconds after{};
    std::string_view who;
};
// Each from its own manual, of idle connections of a client.
constexpr std::array known_defaults{
    known_default{2s, "as Gunicorn does unless told otherwise (keepalive)"},
    known_default{5s,
                  "as Apache (KeepAliveTimeout), Node.js (keepAliveTimeout) and Uvicorn "
                  "(timeout_keep_alive) do unless told otherwise"},
    known_default{20s, "as Tomcat does unless told otherwise (keepAliveTimeout)"},
    known_default{60s, "as Amazon's application load balancer does unless told otherwise"},
    known_default{75s, "as nginx does unless told otherwise (keepalive_timeout)"},
    known_default{120s,
                  "as IIS (connectionTimeout) and, before a login, OpenSSH (LoginGraceTime) do "
                  "unless told otherwise"},
    known_default{130s, "as Kestrel does unless told otherwise (KeepAliveTimeout)"},
    known_default{5min, "as Caddy does unless told otherwise (idle)"},
    known_default{10min, "as Google's load balancers do"},
    known_default{1h, "as Envoy does unless told otherwise (idle_timeout)"},
};
// Servers look at their timers once a second, some of them.
constexpr nanoseconds coarse_timer = 1100ms;
// A value that is known, and nearly no other.
constexpr nanoseconds known_margin = 500ms;

/// When connections were closed.
struct closes {
    nanoseconds first{nanoseconds::max()};
    nanoseconds last{};
    std::size_t count{};
    std::size_t spoken{};  // of them the server only spoke

    void add(const observation& one)
    {
        first = std::min(first, one.idle_age);
        last = std::max(last, one.idle_age);
        ++count;
        spoken += one.spoken ? 1 : 0;
    }
    bool at_one_age() const { return last - first <= std::max(coarse_timer, last / 50); }
};

closes closes_of(const stratum& where, std::span<const observation> seen)
{
    closes all;
    for (const auto& each : seen)
        if (each.where == where && each.unprompted && is_alive(each))
            all.add(each);
    return all;
}

std::string about(nanoseconds age)
{
    return format_duration(from_seconds(std::round(to_seconds(age) * 10) / 10));
}

std::string sentence_of(const closes& all)
{
    constexpr std::string_view hidden = "the path cannot be seen beyond that";
    if (all.spoken == all.count)
        return fmt::format(
            "the server, or what ends TCP for it, speaks by itself and leaves no silence longer "
            "than "
            "{}: {}",
            about(all.last), hidden);
    if (!all.at_one_age())
        return fmt::format("the server ended {} silences by itself, after {} to {}: {}", all.count,
                           about(all.first), about(all.last), hidden);
    const auto who = known_to_close_after(all.first);
    return fmt::format("the server closes idle connections after {}{}{}: {}", about(all.first),
                       who.empty() ? "" : ", ", who, hidden);
}

}  // namespace

std::string_view known_to_close_after(nanoseconds silence)
{
    const auto found = std::ranges::find_if(known_defaults, [&](const known_default& each) {
        return silence >= each.after - known_margin / 5 && silence <= each.after + known_margin;
    });
    return found == known_defaults.end() ? std::string_view{} : found->who;
}

void remark_on_closes(std::vector<finding>& to, std::span<const observation> seen)
{
    for (auto& each : to) {
        if (each.kind != finding_kind::none || each.where.how.by != refresh::none)
            continue;
        const auto all = closes_of(each.where, seen);
        if (all.count == 0)
            continue;
        each.why = explanation::server_closes;
        each.note = sentence_of(all);
    }
}

}  // namespace deadair::estimate
