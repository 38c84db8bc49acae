#include "analysis/sockets/onlooker.hpp"

#include <algorithm>
#include <utility>

namespace deadair::sockets {

namespace {

std::array<std::uint8_t, 17> address_of(const endpoint& where)
{
    std::array<std::uint8_t, 17> made{static_cast<std::uint8_t>(where.family)};
    std::ranges::copy(where.address, made.begin() + 1);
    return made;
}

}  // namespace

void onlooker::look(std::span<const sample> all, nanoseconds at)
{
    ++looks_;
    left_out_ = 0;
    for (const auto& each : all) {
        if (is_local(each))
            continue;
        const auto known = open_.find(each.cookie);
        if (known == open_.end()) {
            meet(each);
            continue;
        }
        auto& here = known->second;
        here.look = looks_;
        here.gone.reset();  // a list that changes while it is read may lack one
        const bool heard_something = each.segments_in != here.of.last().segments_in;
        here.of.on(each, heard(each));
        if (heard_something)
            hear(each);
        collect(here);
    }
    miss(at);
}

// One that opens between two looks was silent, or was not: only what comes later is told.
void onlooker::meet(const sample& first)
{
    if (open_.size() >= limits_.open_max) {
        ++left_out_;
        return;
    }
    const bool listens = listening_.contains(first.local.port);
    const identity who{.cookie = first.cookie,
                       .local = first.local,
                       .remote = first.remote,
                       .listens = listens,
                       .seen = first.at,
                       .begun_before = looks_ == 1};
    open_.try_emplace(
        first.cookie,
        followed_one{.who = who, .of = {first, limits_.of_each, listens}, .look = looks_});
    if (looks_ > 1)
        hear(first);
}

void onlooker::hear(const sample& of)
{
    auto& last = heard_[address_of(of.remote)];
    last = std::max({last, of.received, of.acknowledged});
}

std::optional<nanoseconds> onlooker::heard(const sample& of) const
{
    const auto found = heard_.find(address_of(of.remote));
    return found == heard_.end() ? std::nullopt : std::optional{found->second};
}

void onlooker::collect(followed_one& from)
{
    for (auto& each : from.of.take())
        told_.push_back({from.who, std::move(each)});
}

void onlooker::miss(nanoseconds at)
{
    for (auto each = open_.begin(); each != open_.end();) {
        auto& here = each->second;
        if (here.look == looks_) {
            ++each;
            continue;
        }
        if (!here.gone)
            here.gone = at;
        each = at - *here.gone < limits_.held_max ? std::next(each)
                                                  : end(each, std::nullopt, *here.gone);
    }
    // What was heard long ago is no witness of anything that is under way.
    if (heard_.size() > limits_.open_max)
        std::erase_if(heard_,
                      [&](const auto& each) { return each.second < at - limits_.held_max; });
}

onlooker::table::iterator onlooker::end(table::iterator which, const std::optional<sample>& last,
                                        nanoseconds at)
{
    auto& here = which->second;
    here.of.end(last, at, heard(here.of.last()));
    collect(here);
    gone_.push_back(which->first);
    return open_.erase(which);
}

void onlooker::over(const sample& last)
{
    const auto found = open_.find(last.cookie);
    if (found != open_.end())
        end(found, last, found->second.gone.value_or(last.at));
}

void onlooker::slept()
{
    for (auto& [cookie, here] : open_) {
        here.of.slept();
        collect(here);
    }
}

void onlooker::finish(nanoseconds at)
{
    for (auto each = open_.begin(); each != open_.end();)
        each = end(each, std::nullopt, each->second.gone.value_or(at));
}

std::size_t onlooker::unanswered(nanoseconds now, nanoseconds for_so_long) const
{
    return static_cast<std::size_t>(std::ranges::count_if(open_, [&](const auto& each) {
        const auto since = each.second.of.unanswered_since();
        return since && now - *since >= for_so_long;
    }));
}

std::vector<told> onlooker::take()
{
    return std::exchange(told_, {});
}

std::vector<std::uint64_t> onlooker::take_gone()
{
    return std::exchange(gone_, {});
}

}  // namespace deadair::sockets
