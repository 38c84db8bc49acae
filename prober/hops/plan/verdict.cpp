#include "prober/hops/plan/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "prober/hops/plan/stairs.hpp"

namespace deadair::hops_plan {

namespace {

// Of those that should live, or die, one may be an accident.
constexpr std::ptrdiff_t enough = 2;
// Contradictions of so many are accidents: two, and one of each 50.
constexpr std::size_t accidents_least = 2;
constexpr std::size_t results_per_accident = 50;

struct tally {
    std::ptrdiff_t lived{};
    std::ptrdiff_t died{};
};

tally count(std::span<const seen> results, refresh_side from, int hops)
{
    tally all;
    for (const auto& each : results) {
        if (each.what.from != from || each.what.hops != hops)
            continue;
        all.lived += each.result == outcome::delivered ? 1 : 0;
        all.died += each.result == outcome::lost || each.result == outcome::reset ||
                            each.result == outcome::closed
                        ? 1
                        : 0;
    }
    return all;
}

bool should_have_lived(const tally& those)
{
    return those.lived >= enough && those.died <= 1;
}

// Why the references do not allow a verdict; empty if they do.
std::string references_say(const plan& of, std::span<const seen> results)
{
    const auto unrefreshed = count(results, refresh_side::none, not_at_all);
    if (unrefreshed.lived > 0)
        return fmt::format(
            "{} of {} connections on which nothing was sent lived for {}, so nothing forgot by "
            "then; measure the idle timeout again",
            unrefreshed.lived, unrefreshed.lived + unrefreshed.died,
            format_duration(age_first(of)));
    if (unrefreshed.died < enough)
        return "too few of the connections on which nothing was sent told anything; see the void "
               "ones in the table hop_probes";
    const auto refreshed = count(results, refresh_side::client, all_the_way);
    if (!should_have_lived(refreshed))
        return fmt::format(
            "TCP keepalives that go all the way kept {} of {} connections alive, so shorter ones "
            "tell nothing: something on the path takes no notice of them, or ends TCP itself",
            refreshed.lived, refreshed.lived + refreshed.died);
    return {};
}

std::vector<seen> from_one_end(std::span<const seen> all, refresh_side from)
{
    std::vector<seen> some;
    for (const auto& each : all)
        if (each.what.from == from || each.what.from == refresh_side::none)
            some.push_back(each);
    return some;
}

bool too_many(std::uint32_t contradicted, std::size_t results)
{
    return contradicted > accidents_least + results / results_per_accident;
}

// A box that does not lower the time to live stands before the first hop that saves from it.
stretch from_client(const stair& one)
{
    return {2 * one.dead_within + 1, 2 * one.alive_from};
}

stretch from_server(const stair& one, int server_hop)
{
    return {2 * (server_hop - one.alive_from), 2 * (server_hop - one.dead_within) - 1};
}

class judging {
public:
    judging(const plan& of, std::span<const seen> results) : of_{of}, results_{results} {}

    verdict all()
    {
        found_.untold = references_say(of_, results_);
        if (!found_.untold.empty())
            return found_;
        near_ = stairs_of(of_, from_one_end(results_, refresh_side::client));
        far_known_ = of_.from_server && server_can_be_asked();
        if (far_known_)
            far_ = stairs_of(of_, from_one_end(results_, refresh_side::server));
        found_.untold = contradictions();
        if (!found_.untold.empty())
            return found_;
        place_first();
        if (!found_.untold.empty())
            return found_;
        place_later();
        std::ranges::sort(found_.boxes, {}, [](const box& each) {
            return std::pair{each.where.nearest, each.where.farthest};
        });
        return found_;
    }

private:
    bool server_can_be_asked()
    {
        const auto refreshed = count(results_, refresh_side::server, all_the_way);
        if (should_have_lived(refreshed))
            return true;
        found_.remarks.push_back(fmt::format(
            "keepalives of the server kept {} of {} connections alive, so only this end tells "
            "something",
            refreshed.lived, refreshed.lived + refreshed.died));
        return false;
    }

    std::string contradictions() const
    {
        if (near_.all.empty())
            return "too few connections told anything; see the void ones in the table hop_probes";
        if (too_many(near_.contradicted + far_.contradicted, results_.size()))
            return fmt::format(
                "{} of {} connections died although others with the same keepalives, or shorter "
                "ones, lived: not all take the same way, or the path loses too much",
                near_.contradicted + far_.contradicted, results_.size());
        return {};
    }

    // Only what the other end answers saves it.
    bool is_answered_only(const stair& one) const { return one.dead_within == of_.server_hop - 1; }

    void place_first()
    {
        const auto& near = near_.all.front();
        if (!far_known_ || far_.all.empty())
            return place_first_alone(near);
        const auto& far = far_.all.front();
        const auto seen_near = from_client(near);
        const auto seen_far = from_server(far, of_.server_hop);
        if (is_answered_only(near) && is_answered_only(far) && of_.server_hop > 1) {
            found_.untold =
                "only keepalives that the other end answers keep a connection alive, from either "
                "end: what forgets counts nothing else, and may be anywhere";
            return;
        }
        const stretch both{std::max(seen_near.nearest, seen_far.nearest),
                           std::min(seen_near.farthest, seen_far.farthest)};
        if (both.nearest <= both.farthest)
            return add(both, near, refresh_side::both, remark_on(both));
        if (seen_near.farthest < seen_far.nearest) {
            found_.untold = fmt::format(
                "the two ends contradict each other: seen from here nothing forgets behind hop {}, "
                "seen from the server nothing does before hop {}; the ways there and back may "
                "differ",
                near.alive_from, of_.server_hop - far.alive_from);
            return;
        }
        place_two(near, far);
    }

    // The nearest and the farthest of several: each forgets by the first age, and the one whose
    // timeout was measured is among them.
    void place_two(const stair& near, const stair& far)
    {
        stair any = near;
        any.high = age_first(of_);
        const auto from = from_server(far, of_.server_hop);
        const auto to = from_client(near);
        std::string remark;
        if (is_answered_only(near))
            remark = "or there is none, and the nearer one counts only what the server says";
        else if (!is_answered_only(far) && to.nearest - from.farthest == 2)
            remark =
                fmt::format("or both are one at hop {} that takes no notice of what ends there",
                            from.farthest / 2 + 1);
        add(from, any, refresh_side::server,
            is_answered_only(far)
                ? "or there is none, and the farther one counts only what the client says"
                : "");
        add(to, any, refresh_side::client, remark);
    }

    void place_first_alone(const stair& near)
    {
        if (is_answered_only(near)) {
            found_.untold =
                "from this end alone: only keepalives that the server answers keep a connection "
                "alive, so what forgets is the last before the server, or counts only what is "
                "answered";
            return;
        }
        add(from_client(near), near, refresh_side::client, {});
    }

    // Each end sees those that the first one hides from the other.
    void place_later()
    {
        for (std::size_t i = 1; i < near_.all.size(); ++i)
            add(from_client(near_.all[i]), near_.all[i], refresh_side::client,
                is_answered_only(near_.all[i]) ? "or one that counts only what is answered" : "");
        for (std::size_t i = 1; i < far_.all.size(); ++i)
            add(from_server(far_.all[i], of_.server_hop), far_.all[i], refresh_side::server,
                is_answered_only(far_.all[i]) ? "or one that counts only what is answered" : "");
        for (const auto* const end : {&near_, &far_})
            if (end->lost_later)
                found_.remarks.push_back(fmt::format(
                    "something else forgets by {}, and keepalives that go all the way do not save "
                    "from it",
                    format_duration(*end->lost_later)));
    }

    void add(stretch where, const stair& one, refresh_side from, std::string remark)
    {
        if (remark.empty() && from != refresh_side::both)
            remark = remark_on_one_end(one, from);
        found_.boxes.push_back({.where = where,
                                .low = one.low,
                                .high = one.high,
                                .seen_from = from,
                                .remark = std::move(remark)});
    }

    // A box that drops what ends there before it looks at its connection seems a hop farther away.
    std::string remark_on_one_end(const stair& one, refresh_side from) const
    {
        const int hop =
            from == refresh_side::client ? one.dead_within : of_.server_hop - one.dead_within;
        if (one.dead_within == 0)
            return {};
        return fmt::format("or the one at hop {}, if it takes no notice of what ends there", hop);
    }

    // Two next to each other look like one between them.
    std::string remark_on(stretch both) const
    {
        const bool between = both.nearest == both.farthest && both.nearest % 2 == 1;
        const int before = both.nearest / 2;
        if (!between || before == 0 || before == of_.server_hop - 1)
            return {};
        return fmt::format("or two boxes, at hops {} and {}", before, before + 1);
    }

    const plan& of_;
    std::span<const seen> results_;
    verdict found_;
    stairs near_;
    stairs far_;
    bool far_known_{};
};

}  // namespace

verdict judge(const plan& of, std::span<const seen> results)
{
    return judging{of, results}.all();
}

}  // namespace deadair::hops_plan
