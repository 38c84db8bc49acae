#include "prober/observe/observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <system_error>
#include <utility>

#include "analysis/host/address.hpp"
#include "analysis/host/socket_owners.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::prober::observe {

namespace {

using namespace std::chrono_literals;

// Shares of one processor: 0.5 % in all.
constexpr ration::settings looking{.share = 0.004, .interval_min = 1s};
constexpr ration::settings naming{.share = 0.001, .interval_min = 2s, .saved_max = 1s};
// Words that found no answer for so long are shown.
constexpr nanoseconds shown_unanswered = 3s;
constexpr nanoseconds slept_min = 1s;
// So many silences wait for the name of their process.
constexpr std::size_t unnamed_max = 10'000;
// That one or the other is not known yet, or may not be known.
constexpr const char* nameless = "an unknown process";

// The timer tells what the options say, where these may not be read, unless another hides it.
std::optional<sockets::keepalive_seen> keepalive_of(const audit::connection& of,
                                                    const sockets::sample& seen)
{
    if (of.keepalive)
        return sockets::keepalive_seen{of.keepalive->on, of.keepalive->idle};
    if (seen.running == audit::timer::keepalive) {
        const auto quiet = seen.at - std::max({seen.received, seen.acknowledged});
        return sockets::keepalive_seen{true, quiet + seen.expires};
    }
    if (seen.running == audit::timer::none)
        return sockets::keepalive_seen{};
    return std::nullopt;
}

}  // namespace

observer::observer(boost::asio::io_context& io, settings how, record& into, progress& show)
    : task{io},
      with_{std::move(how)},
      into_{into},
      show_{show},
      onlooker_{{.of_each = {.silence_min = with_.silence_min}}},
      book_{into, with_.description},
      looks_{looking},
      namings_{naming},
      ends_wait_{io, ends_.native()},
      look_timer_{io}
{
    with_.read(now_, samples_);
}

// It is `ends_`, whose it is, that closes it.
observer::~observer()
{
    if (ends_wait_.is_open())
        ends_wait_.release();
}

void observer::begin()
{
    onlooker_.listening(host::listening_ports());
    listen_for_ends();
    look();
}

void observer::look()
try {
    looks_.begin();
    if (const auto slept = sleep_.slept(); slept >= slept_min) {
        onlooker_.slept();
        book_.slept(clock_.now(), slept);
    }
    with_.read(now_, samples_);
    onlooker_.look(samples_, clock_.now());
    take_what_is_told();
    told_.unanswered = onlooker_.unanswered(clock_.now(), shown_unanswered);
    const auto wait = looks_.end(clock_.now());
    name_owners();
    look_on(wait);
} catch (const std::system_error& problem) {
    result().failure = fmt::format("the kernel tells no more of connections: {}", problem.what());
    finish(store::run_state::failed);
}

void observer::look_on(nanoseconds after)
{
    if (with_.lasting && clock_.now() >= *with_.lasting)
        return finish(store::run_state::finished);
    if (with_.lasting)
        after = std::min(after, *with_.lasting - clock_.now());
    look_timer_.expires_after(after);
    look_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            look();
    });
}

void observer::listen_for_ends()
{
    ends_wait_.async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        [this](const boost::system::error_code& error) {
            if (error)
                return;
            ends_.read(now_, [this](const sockets::sample& last) { onlooker_.over(last); });
            take_what_is_told();
            listen_for_ends();
        });
}

// Looking through /proc takes long, so it is done when there is somebody new, and rarely.
void observer::name_owners()
{
    if (clock_.now() < naming_due_)
        return;
    std::vector<audit::connection> asked;
    std::vector<const sockets::sample*> whose;
    for (const auto& each : samples_) {
        if (is_local(each) || owners_.contains(each.cookie))
            continue;
        asked.emplace_back().inode = each.inode;
        whose.push_back(&each);
    }
    if (asked.empty())
        return;
    namings_.begin();
    onlooker_.listening(host::listening_ports());
    host::name_owners(asked);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto& known = owners_[whose[i]->cookie];
        known.process = asked[i].owner ? printable(asked[i].owner->name) : nameless;
        known.keepalive = keepalive_of(asked[i], *whose[i]);
    }
    for (const auto& each : std::exchange(unnamed_, {}))
        sum_up(each);
    naming_due_ = clock_.now() + namings_.end(clock_.now());
}

void observer::take_what_is_told()
{
    for (const auto& each : onlooker_.take())
        keep(each);
    for (const auto cookie : onlooker_.take_gone()) {
        book_.gone(cookie, clock_.now());
        owners_.erase(cookie);
    }
}

void observer::keep(const sockets::told& seen)
{
    const auto& whose = seen.whose;
    const names of{.process = process_of(whose),
                   .server_address = masked(host::address_of(whose.server())),
                   .client_address = masked(host::address_of(whose.client()))};
    const auto server = masked(host::to_string(whose.server()));
    book_.keep(seen, {server, whose.listens ? of.client_address : with_.description.client_host},
               of);
    if (owners_.contains(whose.cookie) || unnamed_.size() >= unnamed_max)
        sum_up(seen);
    else
        unnamed_.push_back(seen);
}

std::string observer::process_of(const sockets::identity& whose) const
{
    const auto known = owners_.find(whose.cookie);
    return known == owners_.end() ? nameless : known->second.process;
}

void observer::sum_up(const sockets::told& seen)
{
    const auto& whose = seen.whose;
    const auto server = masked(host::to_string(whose.server()));
    auto& group = groups_[{
        process_of(whose),
        whose.listens ? fmt::format("{} ← {}", server, masked(host::address_of(whose.client())))
                      : fmt::format("→ {}", server)}];
    group.add(seen.what);
    const auto known = owners_.find(whose.cookie);
    if (known != owners_.end() && known->second.keepalive)
        group.has(*known->second.keepalive);
    const auto result = seen.what.what.result;
    if (!seen.what.stall && result == outcome::delivered)
        ++told_.lived;
    else if (!seen.what.stall && result != outcome::voided)
        ++told_.died;
    told_anew_ = true;
}

std::vector<std::string> observer::sentences() const
{
    std::vector<std::pair<const group_name*, const sockets::summary*>> all;
    for (const auto& [name, of] : groups_)
        all.emplace_back(&name, &of);
    std::ranges::stable_sort(all, std::greater{}, [](const auto& each) {
        return std::pair{each.second->died(), each.second->silences()};
    });
    std::vector<std::string> said;
    said.reserve(all.size());
    for (const auto& [name, of] : all)
        said.push_back(fmt::format("{} {}: {}", name->first, name->second, of->sentence()));
    return said;
}

void observer::draw()
{
    told_.elapsed = clock_.now();
    told_.followed = onlooker_.followed();
    if (std::exchange(told_anew_, false))
        told_.groups = sentences();
    show_.update(told_);
}

void observer::wind_up()
{
    // Without an end that was asked for, this is the one.
    if (!with_.lasting)
        result().interrupted = false;
    finish(with_.lasting ? store::run_state::interrupted : store::run_state::finished);
}

void observer::halt()
{
    look_timer_.cancel();
    ends_wait_.cancel();
    show_.finish();
}

void observer::finish(store::run_state state)
{
    onlooker_.finish(clock_.now());
    take_what_is_told();
    for (const auto& each : std::exchange(unnamed_, {}))
        sum_up(each);
    end([this, state] {
        book_.end(state, how().failure);
        into_.when_kept([this] { over(); });
    });
}

}  // namespace deadair::prober::observe
