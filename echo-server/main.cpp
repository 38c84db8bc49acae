#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <cstdio>

#include "analysis/words/exit_code.hpp"
#include "analysis/words/program.hpp"
#include "echo-server/metrics_page.hpp"
#include "echo-server/options.hpp"
#include "echo-server/privileges.hpp"
#include "echo-server/processes.hpp"
#include "echo-server/server.hpp"
#include "echo-server/signals.hpp"
#include "echo-server/start.hpp"

namespace deadair::echo_server {
namespace {

// New tokens are taken up without dropping a session; a file that cannot be used changes nothing.
void reload_tokens(server& serving, const options& wanted, log& to)
{
    try {
        serving.replace_tokens(read_tokens(wanted));
        to.write(log_level::info, "event=tokens_reloaded");
    } catch (const std::exception& problem) {
        to.write(log_level::error, "event=tokens_kept reason={}", in_quotes(problem.what()));
    }
}

// The same for the certificate: only new connections are shown it.
void reload_certificate(server& serving, const options& wanted, log& to)
{
    if (!wanted.certificate)
        return;
    try {
        auto fresh = load_certificate(wanted);
        serving.replace_certificate(std::move(fresh.context));
        to.write(log_level::info, "event=certificate_reloaded pin={}", fresh.pin);
    } catch (const std::exception& problem) {
        to.write(log_level::error, "event=certificate_kept reason={}", in_quotes(problem.what()));
    }
}

exit_code serve_one(const options& wanted, state& prepared, process_doors doors,
                    const server_limits& limits, log& to)
{
    boost::asio::io_context io{1};
    server serving{io, std::move(prepared.context), prepared.tokens, limits, to};
    for (auto& each : doors.listening)
        serving.accept_at(std::move(each));
    std::optional<metrics_page> metrics;
    if (doors.metrics.descriptor() >= 0)
        metrics.emplace(io, std::move(doors.metrics), [&] { return serving.metrics(); });
    signals heeded{io, {SIGINT, SIGTERM, SIGHUP}, [&](int number) {
                       if (number == SIGHUP) {
                           reload_tokens(serving, wanted, to);
                           return reload_certificate(serving, wanted, to);
                       }
                       to.write(log_level::info, "event=stopping signal={}", number);
                       io.stop();
                   }};
    run_turns(io, serving.counts().turns, [&] { heeded.heed(); });
    if (metrics)
        metrics->stop();
    serving.stop();
    return exit_code::done;
}

// Everything that needs root comes before the user changes, and everything that reads a file which
// SIGHUP reads again comes after.
exit_code serve(const options& wanted)
{
    hold_back({SIGHUP});  // until there is somebody to heed it
    log to{wanted.level};
    auto limits = wanted.limits;
    limits.connections = raise_file_limit(limits.connections, to);
    const auto user = wanted.user ? std::optional{find_account(*wanted.user)} : std::nullopt;
    auto doors = open_doors(wanted);
    make_state_dir(wanted.state_dir, user);
    auto prepared = load_certificate(wanted);
    if (user)
        become(*user);
    renounce();
    load_state(wanted, prepared);
    announce(prepared, doors);
    return run_processes(wanted.processes, to, [&](std::size_t index) {
        auto mine = std::move(doors.at(index));
        doors.clear();  // the others' are theirs
        return serve_one(wanted, prepared, std::move(mine), limits, to);
    });
}

}  // namespace
}  // namespace deadair::echo_server

int main(int argc, char** argv)
{
    using namespace deadair;
    return run_program("deadair-echo-server", [&] {
        const auto wanted = echo_server::parse_options(argc, argv);
        return wanted ? echo_server::serve(*wanted) : exit_code::done;
    });
}
