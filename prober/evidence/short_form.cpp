#include "prober/evidence/short_form.hpp"

#include <fmt/format.h>

#include "prober/evidence/host_parts.hpp"
#include "prober/evidence/peer.hpp"

namespace deadair::prober::evidence {

namespace {

using namespace std::chrono_literals;

constexpr effort little{.times = 3, .patience = 1s};
// A lookup that asks again does so after some seconds; one that is answered takes a round trip.
constexpr nanoseconds slow_lookup = 1s;

}  // namespace

void short_form(const short_form_options& of, const std::function<void(part)>& take,
                const going& go_on)
{
    for (auto& each : host_parts())
        take(std::move(each));
    if (of.server && go_on())
        take(timings("timing-server", *of.server, little, go_on));
    if (of.server && go_on())
        take(path_mtu(*of.server, little.patience));
    if (of.server && of.hops && go_on())
        take(hops(*of.server, go_on));
}

part lookup(const url& of)
{
    const auto found = resolve(of.host, of.port, of.family);
    const auto took = to_seconds(found.took) * 1000;
    if (!found.first)
        return {"lookup", false,
                fmt::format("{}: {}, after {:.3f} ms\n", of.host, found.problem, took)};
    part seen{"lookup", true,
              fmt::format("{}: {} in {:.3f} ms\n", of.host, to_string(*found.first), took)};
    if (found.took >= slow_lookup)
        seen.notes.push_back(fmt::format("looking up {} took {:.0f} ms", of.host, took));
    return seen;
}

}  // namespace deadair::prober::evidence
