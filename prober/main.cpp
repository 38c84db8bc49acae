#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <exception>

#include "analysis/analyse.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/exit_code.hpp"
#include "analysis/words/usage_error.hpp"
#include "deadair/version.hpp"
#include "prober/options.hpp"
#include "prober/resolve.hpp"
#include "prober/run.hpp"

namespace deadair::prober {
namespace {

constexpr std::uint32_t files_for_the_rest = 32;

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

void raise_file_limit(std::uint32_t connections)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < connections + files_for_the_rest)
        throw usage_error(fmt::format(
            "--connections {} needs more open files than this process may have ({}); raise the "
            "limit with ulimit -n, or use at most {}",
            connections, limit.rlim_max,
            limit.rlim_max > files_for_the_rest ? limit.rlim_max - files_for_the_rest : 0));
}

run::settings settings_of(const options& wanted, const target& server)
{
    run::settings how;
    how.plan = wanted.plan;
    bool any_websocket = false;
    for (const auto port : wanted.ports)
        for (const auto& [family, address] : server.address)
            for (const auto kind : wanted.transports) {
                how.plan.paths.push_back({.family = family, .server_port = port, .kind = kind});
                any_websocket = any_websocket || is_websocket(kind);
            }
    how.server = {.endpoint = server.endpoint(server.address.begin()->first, wanted.ports.front()),
                  .kind = any_websocket ? transport::wss : transport::tls,
                  .token = wanted.token,
                  .unbound = wanted.whom.allow_interception};
    how.description.label = wanted.label;
    how.description.client_host = host_name();
    how.description.server_endpoint = wanted.endpoint();
    how.description.program_version = version;
    how.description.options_asked = wanted.asked;
    how.description.options_used = wanted.used;
    how.description.intercepted = wanted.whom.allow_interception;
    return how;
}

exit_code verdict(const analysis& result, store::run_state state)
{
    if (state == store::run_state::interrupted)
        return exit_code::interrupted;
    for (const auto& each : result.findings)
        if (each.kind != estimate::finding_kind::inconclusive)
            return exit_code::done;
    return exit_code::inconclusive;
}

exit_code conclude(store::database& into, const run::ending_of_run& ended, const options& wanted)
{
    if (!ended.id) {
        fmt::print(stderr, "deadair-prober: {}: {}\n", wanted.endpoint(), ended.failure);
        return ended.interrupted ? exit_code::interrupted : exit_code::failed;
    }
    const auto result = analyse(into, *ended.id, into.conditions(*ended.id));
    fmt::print("{}\n{}\nresults: {}, run {}; deadair-analysis findings --db {} shows them again\n",
               report::findings_text(result.findings),
               report::recommendations_text(result.settings), wanted.database.string(), *ended.id,
               wanted.database.string());
    return verdict(result, ended.state);
}

exit_code measure(const options& wanted)
{
    raise_file_limit(wanted.plan.connections);
    boost::asio::io_context io{1};
    const auto context = net::make_client_context(wanted.whom);
    auto server = resolve(io, wanted);
    server.context = context.get();
    auto how = settings_of(wanted, server);
    if (const auto refusal = planner::refuse(how.plan))
        throw usage_error(*refusal);
    auto into = store::database::open(wanted.database);
    progress show{wanted.show};
    run one{io, server, std::move(how), into, show};
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error)
            one.interrupt();
    });
    one.when_over([&] { signals.cancel(); });
    one.start();
    io.run();
    return conclude(into, one.ending(), wanted);
}

}  // namespace
}  // namespace deadair::prober

int main(int argc, char** argv)
{
    using namespace deadair;
    const auto tell = [](const std::exception& problem, exit_code code) {
        fmt::print(stderr, "deadair-prober: {}\n", problem.what());
        return static_cast<int>(code);
    };
    try {
        const auto wanted = prober::parse_options(argc, argv);
        return static_cast<int>(wanted ? prober::measure(*wanted) : exit_code::done);
    } catch (const usage_error& problem) {
        return tell(problem, exit_code::bad_usage);
    } catch (const store::store_error& problem) {
        return tell(problem, problem.reason() == store::store_error::kind::bad_input
                                 ? exit_code::bad_usage
                                 : exit_code::failed);
    } catch (const std::exception& problem) {
        return tell(problem, exit_code::failed);
    }
}
