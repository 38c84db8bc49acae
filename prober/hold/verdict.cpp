#include "prober/hold/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace deadair::hold {

std::string_view to_string(proof value)
{
    constexpr std::array<std::string_view, 3> names{"proven", "nothing to prove", "unproven"};
    return names.at(static_cast<std::size_t>(value));
}

std::string_view to_string(verdict value)
{
    constexpr std::array<std::string_view, 3> names{"passed", "failed", "inconclusive"};
    return names.at(static_cast<std::size_t>(value));
}

void score::add(const message& said, outcome result)
{
    auto& into = strata_[{said.on, said.way}];
    const bool arrived = result == outcome::delivered;
    if (said.unprotected) {
        if (result == outcome::voided)
            ++into.unprotected_voided;
        else
            ++(arrived ? into.unprotected_survived : into.unprotected_died);
        return;
    }
    if (result == outcome::voided) {
        ++into.voided;
        return;
    }
    ++(said.quiet > idle_timeout_ ? into.telling : into.brief);
    if (!arrived)
        ++into.missed;
    else if (!said.replaced)
        longest_ = std::max(longest_, said.quiet);
}

void score::add_end(const path& on, direction way, bool unprotected, outcome result)
{
    auto& into = strata_[{on, way}];
    const bool vouched = result != outcome::voided;
    if (unprotected)
        ++(vouched ? into.unprotected_died : into.unprotected_voided);
    else
        ++(vouched ? into.ended : into.voided);
}

proof judge(const held_counts& of)
{
    if (of.unprotected_survived == 0 && of.unprotected_died > 0 && of.telling > 0)
        return proof::proven;
    if (of.unprotected_died == 0 && of.unprotected_survived > 0)
        return proof::nothing_to_prove;
    return proof::unproven;
}

namespace {

struct sums {
    std::uint32_t failed{};
    std::uint32_t tried{};  // messages of all kinds, and ends
    std::uint32_t telling{};
    std::uint32_t died{};
    std::uint32_t survived{};
    unsigned proven{};
    unsigned unproven{};
    std::string open;  // what is unproven, for people
};

sums add_up(const score& all)
{
    sums total;
    for (const auto& [where, seen] : all.strata()) {
        total.failed += seen.failed();
        total.tried += seen.tried();
        total.died += seen.unprotected_died;
        total.survived += seen.unprotected_survived;
        const auto found = judge(seen);
        if (found == proof::proven) {
            ++total.proven;
            total.telling += seen.telling;
        } else if (found == proof::unproven) {
            ++total.unproven;
            total.open += fmt::format("{}{} {}", total.open.empty() ? "" : ", ",
                                      to_string(where.on.kind), to_string(where.way));
        }
    }
    return total;
}

std::string why_inconclusive(const sums& total, nanoseconds idle_timeout)
{
    const auto silence = format_duration(idle_timeout);
    if (total.died + total.survived == 0)
        return fmt::format(
            "no control without keepalive was silent for {} and then spoken on, so "
            "nothing is proven",
            silence);
    if (total.died == 0)
        return fmt::format(
            "all {} controls survived more than {} of silence without keepalive, so "
            "the settings had nothing to protect from",
            total.survived, silence);
    if (total.unproven > 0)
        return fmt::format("not everything is proven: {} of {} controls died; open: {}", total.died,
                           total.died + total.survived, total.open);
    return "nothing was said after a silence that tells";
}

}  // namespace

conclusion judge(const score& all)
{
    const auto total = add_up(all);
    conclusion said;
    said.failed = total.failed;
    said.tried = total.failed > 0 ? total.tried : total.telling;
    said.share = failure_share(said.failed, said.tried);
    const auto silence = format_duration(all.idle_timeout());
    if (total.failed > 0) {
        said.result = verdict::failed;
        said.reason = fmt::format(
            "{} of {} messages missed: {:.2g} % to {:.2g} % of connections fail, {:.0f} % "
            "confidence; {} of {} controls without keepalive died",
            said.failed, said.tried, 100 * said.share.low, 100 * said.share.high, 100 * confidence,
            total.died, total.died + total.survived);
    } else if (total.proven > 0 && total.unproven == 0) {
        said.result = verdict::passed;
        said.reason = fmt::format(
            "0 of {} messages missed after silences longer than {}: at most {:.2g} % of "
            "connections "
            "fail, {:.0f} % confidence; {} of {} controls without keepalive died; proven for "
            "silences of up to {}: a refresh that is heeded no longer than that would have shown",
            said.tried, silence, 100 * said.share.high, 100 * confidence, total.died,
            total.died + total.survived,
            format_duration(std::chrono::floor<std::chrono::seconds>(all.longest())));
    } else {
        said.reason = why_inconclusive(total, all.idle_timeout());
    }
    return said;
}

}  // namespace deadair::hold
