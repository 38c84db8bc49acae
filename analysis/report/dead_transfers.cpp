#include "analysis/report/dead_transfers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

using store::upload;

bool is_dead(const upload& one)
{
    return one.spell != idle_spell::fresh && one.result != transfer_outcome::completed &&
           one.result != transfer_outcome::voided && one.moved_bytes == 0;
}

auto kind_of(const upload& one)
{
    return std::tuple{
        one.way,    one.spell,     one.guard, one.guard_after, one.accepted.has_value(),
        one.result, one.noticed_by};
}

std::string longest_text(const std::vector<nanoseconds>& values)
{
    return format_duration(std::ranges::max(values));
}

std::string size_text(const std::set<std::uint64_t>& sizes)
{
    const auto text = [](std::uint64_t size) {
        return format_byte_count(static_cast<double>(size));
    };
    return sizes.size() == 1 ? text(*sizes.begin())
                             : fmt::format("{} to {}", text(*sizes.begin()), text(*sizes.rbegin()));
}

std::string taken_text(const dead_transfers& of)
{
    return of.accepted.empty() ? "not all" : "all, after " + longest_text(of.accepted);
}

}  // namespace

std::vector<dead_transfers> dead_transfers_of(std::span<const upload> uploads)
{
    std::map<decltype(kind_of(uploads.front())), dead_transfers> groups;
    for (const auto& each : uploads) {
        if (!is_dead(each))
            continue;
        auto& group = groups[kind_of(each)];
        if (group.took.empty())
            group.like = each;
        group.kinds.insert(each.on.kind);
        group.sizes.insert(each.size_bytes);
        group.took.push_back(each.total);
        if (each.accepted)
            group.accepted.push_back(*each.accepted);
        if (each.noticed)
            group.noticed.push_back(*each.noticed);
        if (each.kernel_gives_up)
            group.gives_up.push_back(*each.kernel_gives_up);
    }
    std::vector<dead_transfers> all;
    all.reserve(groups.size());
    for (auto& [kind, group] : groups)
        all.push_back(std::move(group));
    return all;
}

std::string silence_text(const upload& one)
{
    return fmt::format("{} ({} T)", format_duration(one.idle_before), to_string(one.spell));
}

std::string guard_text(const upload& one)
{
    switch (one.guard) {
        case write_guard::none:
            return "system defaults";
        case write_guard::user_timeout:
            return "TCP_USER_TIMEOUT " + format_duration(*one.guard_after);
        case write_guard::socket_timeout:
            return "socket timeout " + format_duration(*one.guard_after);
    }
    return "";
}

std::string describe(const dead_transfers& of)
{
    return fmt::format("{} {}, {}", size_text(of.sizes), to_string(of.like.way),
                       guard_text(of.like));
}

std::string told_text(const dead_transfers& of)
{
    if (of.noticed.empty())
        return "not within " + longest_text(of.took);
    return fmt::format("after {} ({})", longest_text(of.noticed),
                       of.like.noticed_by == "kernel" ? to_string(of.like.result)
                                                      : std::string_view{"socket timeout"});
}

std::string gives_up_text(const dead_transfers& of)
{
    return of.gives_up.empty() ? "-" : longest_text(of.gives_up);
}

text_table dead_writes(std::span<const upload> uploads)
{
    text_table all{.heads = {"silence", "write", "guard", "transport", "the kernel took",
                             "the writer was told", "the kernel gives up after"},
                   .rows = {}};
    for (const auto& each : dead_transfers_of(uploads)) {
        if (each.like.way != transfer_direction::upload)
            continue;
        std::vector<std::string_view> kinds;
        for (const auto kind : each.kinds)
            kinds.push_back(to_string(kind));
        all.rows.push_back({silence_text(each.like), size_text(each.sizes), guard_text(each.like),
                            fmt::format("{}", fmt::join(kinds, ", ")), taken_text(each),
                            told_text(each), gives_up_text(each)});
    }
    return all;
}

}  // namespace deadair::report
