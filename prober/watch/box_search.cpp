#include "prober/watch/box_search.hpp"

#include <fmt/format.h>

#include <utility>

#include "analysis/report/box_change.hpp"
#include "analysis/report/hops.hpp"
#include "prober/hops/looked_for.hpp"
#include "prober/session/destroy_later.hpp"

namespace deadair::prober {

box_search::box_search(boost::asio::io_context& io, record& into, progress& show, listeners tell)
    : io_{io}, into_{into}, show_{show}, tell_{std::move(tell)}
{
}

box_search::~box_search() = default;

void box_search::begin(const target& server, settings how, const learned& from,
                       const run_clock& clock)
{
    under_way_ = true;
    const auto sought = hops::looked_for_in(from.findings);
    if (!sought.timeout)
        return give_up(sought.why_not);
    if (const auto why = evidence::reach_problem(how.on.family); !why.empty())
        return give_up(why);
    hops::measurement::settings all;
    all.what = {.on = how.on,
                .server_hop = {},
                .timeout_low = sought.timeout->low,
                .timeout_high = sought.timeout->high,
                .open_rate = how.open_rate};
    all.server = std::move(how.server);
    all.within = from.run;
    all.numbered_from = from.connection_last;
    all.clock = clock;
    const auto address = server.address.at(how.on.family).to_string();
    const auto peer = evidence::resolve(address, how.on.server_port, how.on.family);
    if (!peer.first)
        return give_up(peer.problem);
    asking_ = std::make_unique<hops::way_search>(
        io_, *peer.first, [this, &server, all = std::move(all)](const auto& way) {
            destroy_later(io_, std::move(asking_));
            auto with = all;
            with.way = way;
            search(server, std::move(with));
        });
}

void box_search::search(const target& server, hops::measurement::settings how)
{
    if (const auto why = hops::way_refused(how.way))
        return give_up(*why);
    how.what.server_hop = how.way.back().number;
    if (const auto why = hops_plan::refuse(how.what))
        return give_up(*why);
    search_ = std::make_unique<hops::measurement>(io_, server, std::move(how), into_, show_);
    search_->when_over([this] { conclude(); });
    search_->start();
}

void box_search::conclude()
{
    const auto how = search_->how();
    const auto run = search_->run();
    end_search();
    if (how.interrupted || !how.failure.empty())
        return how.failure.empty() ? over() : give_up(how.failure);
    into_.ask<store::hops_found>(
        [run = *run](const store::database& from) { return from.hops_of(run); },
        [this](const store::hops_found& after) { found(after); },
        [this](const std::string& why) { give_up(why); });
}

void box_search::found(const store::hops_found& after)
{
    tell_.say(report::hops_answer(after));
    if (!after.boxes.empty()) {
        const auto before = std::exchange(before_, after);
        if (report::box_changed(before, after))
            tell_.changed(report::hops_compared(before, after));
    }
    over();
}

void box_search::give_up(const std::string& why)
{
    tell_.say(fmt::format("which box forgets was not found out: {}", why));
    over();
}

void box_search::over()
{
    under_way_ = false;
    tell_.over();
}

void box_search::interrupt()
{
    if (search_)
        return search_->interrupt();
    if (asking_) {
        asking_.reset();
        over();
    }
}

void box_search::abandon()
{
    under_way_ = false;
    asking_.reset();
    end_search();
}

void box_search::end_search()
{
    if (!search_)
        return;
    search_->abandon();
    show_.finish();
    destroy_later(io_, std::move(search_));
}

}  // namespace deadair::prober
