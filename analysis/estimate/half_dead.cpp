#include "analysis/estimate/half_dead.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// So many connections have to show it, and no more than one in so many may not: a message that is
// sent again since its acknowledgement was lost breaks a silence, too.
constexpr int broken_min = 3;
constexpr int whole_share = 5;

/// Of connections on which something arrived that way when the other was gone: how many next
/// silences were broken, and how many were not.
struct aftermath {
    nanoseconds expired{};
    int broken{};
    int whole{};
};

// By when the other direction of the same path is gone.
std::optional<nanoseconds> other_expired(const finding& one, std::span<const finding> found)
{
    std::optional<nanoseconds> last;
    for (const auto& each : found)
        if (each.where.on == one.where.on && each.where.way != one.where.way && each.high)
            last = std::max(last.value_or(*each.high), *each.high);
    return last;
}

bool is_beyond(const observation& seen, direction way, nanoseconds expired)
{
    return is_alive(seen) && seen.where.way == way && seen.idle_age >= expired;
}

std::map<std::uint32_t, std::vector<observation>> lives_in(std::span<const observation> silent)
{
    std::map<std::uint32_t, std::vector<observation>> lives;
    for (const auto& each : silent)
        lives[each.connection_id].push_back(each);
    for (auto& [connection, life] : lives)
        std::ranges::stable_sort(life, {}, &observation::connection_age);
    return lives;
}

// Whoever hears no acknowledgement says it again and again, into what should be the next silence.
// One middlebox does so on all paths: each alone has few connections that show it.
void add(aftermath& to, const finding& one, nanoseconds expired,
         std::span<const observation> silent)
{
    to.expired = std::max(to.expired, expired);
    for (const auto& [connection, life] : lives_in(silent))
        for (std::size_t i = 1; i < life.size(); ++i)
            if (life[i].where.on == one.where.on &&
                is_beyond(life[i - 1], one.where.way, expired)) {
                to.broken += life[i].disturbed ? 1 : 0;
                to.whole += is_alive(life[i]) ? 1 : 0;
            }
}

std::string sentence_of(direction way, nanoseconds expired)
{
    const bool client = way == direction::to_server;
    // No more digits than a tenth of a second.
    const auto after = from_seconds(std::ceil(to_seconds(expired) * 10) / 10);
    return fmt::format(
        "half dead: after {} of silence what the {} says still arrives, but no acknowledgement "
        "comes back, and nothing that the {} says: to its sender it is lost, so build on the other "
        "direction",
        format_duration(after), client ? "client" : "server", client ? "server" : "client");
}

}  // namespace

half_dead half_dead_of(std::span<const finding> found, std::span<const observation> silent)
{
    std::map<direction, aftermath> shown;
    for (const auto& each : found)
        if (const auto expired = other_expired(each, found);
            expired && each.kind == finding_kind::none)
            add(shown[each.where.way], each, *expired, silent);
    half_dead all;
    for (const auto& [way, of] : shown)
        if (of.broken >= broken_min && of.whole * whole_share <= of.broken)
            all[way] = of.expired;
    return all;
}

std::vector<observation> until_half_dead(std::span<const observation> silent, const half_dead& of)
{
    std::vector<observation> kept;
    std::set<std::uint32_t> over;
    for (const auto& [connection, life] : lives_in(silent))
        for (const auto& each : life) {
            if (!over.contains(connection))
                kept.push_back(each);
            for (const auto& [way, expired] : of)
                if (is_beyond(each, way, expired))
                    over.insert(connection);
        }
    return kept;
}

void describe(std::span<finding> found, const half_dead& of)
{
    for (auto& each : found) {
        const auto half = of.find(each.where.way);
        if (half == of.end() || each.kind != finding_kind::none)
            continue;
        each.why = explanation::half_dead;
        each.note = sentence_of(half->first, half->second);
    }
}

}  // namespace deadair::estimate
