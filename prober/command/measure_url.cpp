#include "prober/command/measure_url.hpp"

#include <algorithm>

#include "analysis/words/usage_error.hpp"
#include "prober/command/conclude.hpp"
#include "prober/command/run_until_over.hpp"
#include "prober/guest/guest.hpp"
#include "prober/server/resolve.hpp"

namespace deadair::prober {

exit_code measure_url(const arguments& from)
{
    auto wanted = read_url_options(from.given);
    raise_file_limit(wanted.plan.connections);
    boost::asio::io_context io{1};
    const auto context = net::make_client_context(wanted.server.whom);
    host at{.where = resolve(io, wanted.server),
            .port = wanted.server.ports.front(),
            .secured = is_secured(wanted.kind),
            .speaks = wanted.speaks,
            .said = wanted.said,
            .lets_speak = dialogue::can_let_speak(wanted.speaks) &&
                          std::ranges::find(wanted.plan.directions, direction::to_client) !=
                              wanted.plan.directions.end()};
    at.where.context = context.get();
    wanted.server.address = at.where.address.begin()->second.to_string();
    measurement::settings how;
    how.plan = wanted.plan;
    how.plan.paths = paths_of(wanted.server, at.where, std::array{wanted.kind});
    how.delayed_in = wanted.delayed_in;
    how.stay_at = guest_at(io, at, wanted.plan.connections);
    how.description = describe_run(wanted.server, wanted.record, from.asked, options_json(wanted));
    if (const auto refusal = planner::refuse(how.plan))
        throw usage_error(*refusal);
    auto into = store::database::open(wanted.record.database);
    progress show{wanted.record.show};
    const auto kept = make_record(io, into, show);
    measurement one{io, std::move(how), *kept, show};
    run_until_over(io, one);
    return conclude(into, one,
                    {.server = wanted.server, .record = wanted.record, .how = wanted.how});
}

}  // namespace deadair::prober
