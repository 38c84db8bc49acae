#include "prober/command/run_until_over.hpp"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "analysis/store/loop_thread.hpp"
#include "analysis/words/printable.hpp"
#include "analysis/words/usage_error.hpp"
#include "prober/command/common_options.hpp"

namespace deadair::prober {

void run_until_over(boost::asio::io_context& io, task& one,
                    const std::function<void(int signal)>& told)
{
    const store::loop_thread must_not_wait;
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    const std::function<void()> listen = [&] {
        signals.async_wait([&](const boost::system::error_code& error, int signal) {
            if (error)
                return;
            if (told)
                told(signal);
            one.interrupt();
            if (!one.is_over())
                listen();
        });
    };
    one.when_over([&] {
        signals.cancel();
        if (one.how().gave_up)
            io.stop();
    });
    io.restart();
    listen();
    one.start();
    io.run();
}

std::unique_ptr<record> make_record(boost::asio::io_context& io, const store::database& into,
                                    progress& show)
{
    const record::listeners tell{.failing = [&show](const std::string& why) { show.say(why); },
                                 .works_again = {}};
    return std::make_unique<record>(io, into.file(), tell, patience{});
}

std::optional<exit_code> ended_early(const task::summary& how, const server_options& wanted)
{
    if (how.bad_input)
        throw usage_error(how.failure);
    if (how.gave_up)
        fmt::print(stderr, "deadair-prober: interrupted before all was on disk\n");
    else if (!how.failure.empty())
        fmt::print(stderr, "deadair-prober: {}: {}\n", wanted.in_words(),
                   printable(explain_failure(wanted, how.failure)));
    else
        return std::nullopt;
    return how.interrupted ? exit_code::interrupted : exit_code::failed;
}

}  // namespace deadair::prober
