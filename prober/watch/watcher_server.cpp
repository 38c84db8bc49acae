// Where the server of a watch is: its name is looked up again and again.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "prober/server/resolve.hpp"
#include "prober/watch/watcher.hpp"

namespace deadair::prober {

using namespace std::chrono_literals;

namespace {

// How often the server's name is looked up.
constexpr nanoseconds look_up_every = 60s;
constexpr nanoseconds look_up_again = 5s;

bool still_named(const target& server, const net::tcp::resolver::results_type& found)
{
    return std::ranges::all_of(server.address, [&](const auto& mine) {
        return std::any_of(found.begin(), found.end(), [&](const auto& each) {
            return each.endpoint().address() == mine.second;
        });
    });
}

}  // namespace

void watcher::look_up_server()
{
    looking_up_ = true;
    const auto [name, port] = name_of(wanted_.server);
    resolver_.async_resolve(
        name, port, [this](const boost::system::error_code& error, const auto& found) {
            looking_up_ = false;
            if (!runs())
                return;
            look_up_at_ = clock_.now() + (error ? look_up_again : look_up_every);
            if (!error)
                return server_found(found);
            if (!server_)
                say(fmt::format("the server's name {} cannot be resolved: {}; tried again",
                                wanted_.server.host, error.message()));
        });
}

// A name's addresses come in another order each time: what serves is kept while it answers, and
// then the next that does is taken.
void watcher::server_found(const net::tcp::resolver::results_type& found)
{
    const bool serves = server_ && refusals_ == 0 && !outage_since_;
    if (serves && still_named(*server_, found))
        return;
    target seen;
    try {
        seen = target_that_answers(found, wanted_.server);
    } catch (const std::runtime_error& problem) {
        return say(problem.what());
    }
    seen.context = wanted_.context;
    if (!server_) {
        server_ = std::make_unique<target>(std::move(seen));
        return;
    }
    if (seen.address == server_->address)
        return;
    const auto what = fmt::format("the server's address was {} and is {}",
                                  server_->address.begin()->second.to_string(),
                                  seen.address.begin()->second.to_string());
    // Nothing may point to the old one any more.
    end_holding();
    if (measurement_)
        agenda_.ended(false, clock_.now());
    dismiss_measurement();
    dismiss_uploads();
    boxes_.abandon();
    end_ageing();
    *server_ = std::move(seen);
    path_changed(what);
}

void watcher::path_changed(const std::string& what)
{
    notice(incident_kind::path_changed, blame::path, what);
    agenda_.changed(watch_plan::occasion::path_changed, clock_.now());
    end_holding();
    hold_again_at_ = clock_.now();
    end_ageing();
    age_at_ = clock_.now();
}

}  // namespace deadair::prober
