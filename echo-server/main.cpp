#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <exception>

#include "analysis/words/exit_code.hpp"
#include "analysis/words/usage_error.hpp"
#include "echo-server/identity.hpp"
#include "echo-server/options.hpp"
#include "echo-server/server.hpp"
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

void await_signals(boost::asio::signal_set& signals, server& serving, const options& wanted,
                   log& to)
{
    signals.async_wait([&](const boost::system::error_code& error, int number) {
        if (error)
            return;
        if (number != SIGHUP) {
            to.write(log_level::info, "event=stopping signal={}", number);
            signals.cancel();
            return serving.stop();
        }
        reload_tokens(serving, wanted, to);
        await_signals(signals, serving, wanted, to);
    });
}

int serve(const options& wanted)
{
    log to{wanted.level};
    auto limits = wanted.limits;
    limits.connections = raise_file_limit(limits.connections, to);
    const auto prepared = prepare(wanted);
    boost::asio::io_context io{1};
    server serving{io, make_context(wanted, prepared), prepared.tokens, limits, to};
    std::vector<net::tcp::endpoint> bound;
    for (const auto& each : wanted.listen)
        bound.push_back(listen(io, serving, each));
    announce(prepared, bound);
    boost::asio::signal_set signals{io, SIGINT, SIGTERM, SIGHUP};
    await_signals(signals, serving, wanted, to);
    io.run();
    return static_cast<int>(exit_code::done);
}

}  // namespace
}  // namespace deadair::echo_server

int main(int argc, char** argv)
{
    using namespace deadair;
    try {
        const auto wanted = echo_server::parse_options(argc, argv);
        return wanted ? echo_server::serve(*wanted) : static_cast<int>(exit_code::done);
    } catch (const usage_error& problem) {
        fmt::print(stderr, "deadair-echo-server: {}\n", problem.what());
        return static_cast<int>(exit_code::bad_usage);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "deadair-echo-server: {}\n", problem.what());
        return static_cast<int>(exit_code::failed);
    }
}
