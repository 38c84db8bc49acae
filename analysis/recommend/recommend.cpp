// What the settings are built on: the stratum that dies first.
#include "analysis/recommend/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimate/asked.hpp"
#include "analysis/estimate/in_words.hpp"
#include "analysis/recommend/formulas.hpp"

namespace deadair::recommend {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

// Fewer probes than this say little about a stratum.
constexpr std::uint32_t few_probes = 4;

bool lasts(const finding& each)
{
    return each.kind == finding_kind::none && each.low;
}

bool expires(const finding& each)
{
    return each.kind != finding_kind::none && each.kind != finding_kind::inconclusive && each.low;
}

// The stratum that dies first; else the one that survived least.
const finding* deciding(std::span<const finding> found)
{
    const finding* worst = nullptr;
    for (const auto& each : found) {
        if (each.where.how.by != refresh::none || (!expires(each) && !lasts(each)))
            continue;
        if (worst == nullptr || (expires(each) && lasts(*worst)) ||
            (expires(each) == expires(*worst) && *each.low < *worst->low))
            worst = &each;
    }
    return worst;
}

// "wss to_client", with port and family where the run has several.
std::string place(const finding& which, std::span<const finding> found)
{
    std::set<std::pair<std::uint16_t, address_family>> paths;
    for (const auto& each : found)
        paths.insert({each.where.on.server_port, each.where.on.family});
    if (paths.size() > 1)
        return describe(which.where);
    return fmt::format("{} {}", to_string(which.where.on.kind), to_string(which.where.way));
}

// Where more connections than the middlebox has room for make all of them die sooner.
std::string unless_crowded(const finding& worst)
{
    return worst.why == estimate::explanation::room && worst.crowd
               ? fmt::format(" while no more than some {} connections are open", *worst.crowd)
               : std::string{};
}

std::string grounds(const finding& worst, std::span<const finding> found, nanoseconds safe)
{
    const auto where = place(worst, found);
    const auto unless = unless_crowded(worst);
    if (lasts(worst))
        return fmt::format("{} survived {}, so {} is safe to build on{}", where,
                           format_duration(*worst.low), format_duration(safe), unless);
    return fmt::format("{} dies {} {}, so {} is safe to build on{}", where,
                       worst.kind == finding_kind::spread ? "anywhere within" : "after",
                       estimate::value_in_words(worst), format_duration(safe), unless);
}

// Another stratum that was asked about shorter silences only may still be worse.
bool known_less_of_another(const finding& worst, std::span<const finding> found)
{
    return std::ranges::any_of(found, [&](const finding& each) {
        return each.where.how.by == refresh::none && !expires(each) &&
               (!each.low || *each.low < *worst.low);
    });
}

bool is_thin(const finding& worst, std::span<const finding> found)
{
    return worst.kind == finding_kind::spread || worst.kind == finding_kind::mixture ||
           worst.why == estimate::explanation::room || worst.confidence < confidence_min ||
           worst.delivered + worst.not_delivered < few_probes ||
           known_less_of_another(worst, found) || estimate::only_the_client_spoke(found);
}

// Where not even data of both ends keeps a connection alive, it is its age that ends it. Data of
// one end says nothing of that.
std::optional<age_limit> limited_age(std::span<const finding> found)
{
    const bool data_in_vain = usefulness_of(found, refresh::data).counts == false;
    std::optional<age_limit> least;
    for (const auto& each : found) {
        const bool cut = each.kind == finding_kind::absolute_age ||
                         (data_in_vain && each.where.how.by == refresh::data &&
                          each.where.how.from == refresh_side::both);
        if (cut && expires(each) && (!least || *each.low < least->low))
            least = age_limit{*each.low, place(each, found)};
    }
    return least;
}

std::vector<recommendation> nothing_known(const conditions& given)
{
    auto list = settings_for(assumed(1h), given);
    for (auto& each : list)
        if (!given.writes || !is_about_writes(each.setting))
            each = {each.setting, std::nullopt, each.unit, true,
                    "nothing was measured that a value could be built on"};
    return list;
}

}  // namespace

bool is_about_writes(setting_name setting)
{
    return setting == setting_name::write_timeout ||
           setting == setting_name::retry_backoff_initial ||
           setting == setting_name::retry_backoff_max;
}

basis assumed(nanoseconds survived)
{
    basis on;
    on.safe = survived;
    on.grounds =
        fmt::format("assumed, not measured: {} of silence are safe", format_duration(survived));
    on.tcp_keepalive.counts = on.ws_ping.counts = true;  // that, too
    return on;
}

std::vector<recommendation> recommend(std::span<const finding> found, const conditions& given)
{
    const auto* worst = deciding(found);
    if (worst == nullptr)
        return nothing_known(given);
    basis on;
    on.safe = safe_age(*worst->low);
    on.grounds = grounds(*worst, found, on.safe);
    on.expired = expires(*worst);
    on.low_confidence = is_thin(*worst, found);
    on.tcp_keepalive = usefulness_of(found, refresh::tcp_keepalive);
    on.ws_ping = usefulness_of(found, refresh::ws_ping);
    on.data = usefulness_of(found, refresh::data);
    on.ends_tcp = ends_tcp_on_the_path(found);
    on.age = limited_age(found);
    on.only_the_client_spoke = lasts(*worst) && estimate::only_the_client_spoke(found);
    return settings_for(on, given);
}

recommendation outlasting(nanoseconds proxy_closes_after)
{
    // Two clocks, and the packets that are under way between them.
    const auto later = proxy_closes_after * 102 / 100 + 5s;
    return {setting_name::outlast_idle, std::ceil(to_seconds(later)), "s", false,
            fmt::format("the proxy closes after {} of silence; a server that closes no later than "
                        "it makes it send requests into connections that are being closed",
                        format_duration(proxy_closes_after))};
}

recommendation outlasting(std::span<const finding> found)
{
    std::optional<nanoseconds> latest;
    for (const auto& each : found)
        if (each.where.how.by == refresh::none && expires(each))
            latest = std::max(latest.value_or(0s), each.high.value_or(*each.low));
    if (!latest)
        return {setting_name::outlast_idle, std::nullopt, "s", true,
                "nothing expired, so it is not known how long a proxy would wait"};
    return outlasting(*latest);
}

bool ends_tcp_on_the_path(std::span<const finding> found)
{
    return std::ranges::any_of(found, [](const finding& each) {
        return each.where.how.by == refresh::none && expires(each) &&
               each.after_expiry == estimate::expiry::closed;
    });
}

}  // namespace deadair::recommend
