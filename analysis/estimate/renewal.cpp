#include "analysis/estimate/renewal.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

struct counted_from {
    nanoseconds spoke{};  ///< age of the connection when the end last began to speak; 0: it opened
    nanoseconds age{};    ///< of the connection, when its binding was last renewed
    nanoseconds error{};
    bool renewed{true};  ///< since then; the next silence begins anew
    bool in_doubt{};

    // The end's last data passed between its beginning to speak and the last packet of all, which
    // the other may have sent.
    void begin(const observation& next)
    {
        const auto last = next.connection_age - next.idle_age + next.idle_age_error;
        error = std::max((last - spoke) / 2, nanoseconds{});
        age = last - error;
        renewed = false;
    }
};

}  // namespace

namespace {

std::vector<observation> with_way(direction way, std::vector<observation> seen)
{
    std::erase_if(seen, [&](const observation& each) { return each.where.way != way; });
    return seen;
}

}  // namespace

std::vector<observation> renewed_by_own(std::span<const observation> seen)
{
    std::vector<observation> all;
    for (const auto way : {direction::to_client, direction::to_server})
        std::ranges::copy(with_way(way, renewed_only_by(way, seen)), std::back_inserter(all));
    return all;
}

std::vector<observation> renewed_only_by(direction by, std::span<const observation> seen)
{
    std::vector<observation> in_order(seen.begin(), seen.end());
    std::ranges::stable_sort(in_order, {}, &observation::connection_age);
    std::map<std::pair<std::uint32_t, std::uint16_t>, counted_from> connections;
    std::vector<observation> all;
    for (auto& each : in_order) {
        auto& from = connections[{each.connection_id, each.local_port}];
        if (from.renewed)
            from.begin(each);
        from.in_doubt = from.in_doubt || each.result == outcome::voided;
        if (is_alive(each) && each.where.way == by) {
            from.renewed = true;
            from.spoke = each.connection_age;
        }
        if (from.in_doubt)
            continue;
        each.idle_age = each.connection_age - from.age;
        each.idle_age_error += from.error;
        all.push_back(each);
    }
    return all;
}

}  // namespace deadair::estimate
