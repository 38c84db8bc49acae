#include "analysis/report/hops.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/json.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/capital.hpp"

namespace deadair::report {

namespace {

using store::box;
using store::hops_found;

const store::hop* find(const hops_found& all, int number)
{
    const auto found = std::ranges::find(all.way, number, &store::hop::number);
    return found == all.way.end() ? nullptr : &*found;
}

bool is_server(const hops_found& all, int number)
{
    const auto* const there = find(all, number);
    return there != nullptr && there->server;
}

// "hop 2 (203.0.113.2)"
std::string hop_in_words(const hops_found& all, int number)
{
    if (number == 0)
        return "this host";
    const auto* const there = find(all, number);
    if (there != nullptr && there->server)
        return fmt::format("the server ({})", there->address);
    return there == nullptr || there->address.empty()
               ? fmt::format("hop {} (which gives no address)", number)
               : fmt::format("hop {} ({})", number, there->address);
}

std::string between(const hops_found& all, int before, int after)
{
    return fmt::format("between {} and {}", hop_in_words(all, before), hop_in_words(all, after));
}

// What stands before a server that nobody else could be is its own firewall, too.
std::string unseen(const hops_found& all, int before)
{
    return fmt::format("one that does not show itself {}{}", between(all, before, before + 1),
                       is_server(all, before + 1) ? ", or the server's own" : "");
}

std::string box_or_unseen(const hops_found& all, int hop, int before)
{
    return fmt::format("the box at {}, or one that does not show itself between hops {} and {}",
                       hop_in_words(all, hop), before, before + 1);
}

std::string sentence(const box& one, const hops_found& all)
{
    auto text = fmt::format("{} forgets after {}", place_in_words(one, all), timeout_in_words(one));
    if (!one.remark.empty())
        text += fmt::format(" ({})", one.remark);
    return capital(text) + ".";
}

// What stands in the row of a hop: the boxes that may be there, or between it and the one before.
std::string beside(const hops_found& all, int hop)
{
    std::string text;
    for (const auto& each : all.boxes)
        if (each.nearest <= 2 * hop && 2 * hop - 1 <= each.farthest)
            text += fmt::format(
                "{}forgets after {}{}", text.empty() ? "" : "; ", timeout_in_words(each),
                each.nearest == each.farthest && each.nearest == 2 * hop ? ""
                                                                         : " (here or next to it)");
    return text;
}

}  // namespace

std::string place_in_words(const box& one, const hops_found& all)
{
    const int hop = one.farthest / 2;
    if (one.nearest == one.farthest && one.nearest % 2 == 0)
        return fmt::format("the box at {}", hop_in_words(all, hop));
    if (one.nearest == one.farthest)
        return unseen(all, one.nearest / 2);
    if (one.farthest == one.nearest + 1 && one.farthest % 2 == 0)
        return is_server(all, hop) ? unseen(all, hop - 1) : box_or_unseen(all, hop, hop - 1);
    if (one.farthest == one.nearest + 1)
        return one.nearest == 0 ? unseen(all, 0)
                                : box_or_unseen(all, one.nearest / 2, one.nearest / 2);
    return fmt::format("one {}", between(all, one.nearest / 2, (one.farthest + 1) / 2));
}

std::string timeout_in_words(const box& one)
{
    constexpr double sharp = 0.02;
    const auto middle = (one.low + one.high) / 2;
    if (to_seconds(one.high - one.low) <= sharp * to_seconds(middle))
        return format_duration(middle);
    return fmt::format("{} to {}", format_duration(one.low), format_duration(one.high));
}

std::string hops_answer(const hops_found& all)
{
    if (!all.verdict)
        return {};
    if (!all.verdict->untold.empty())
        return fmt::format("Which box forgets cannot be told: {}.", all.verdict->untold);
    std::string text;
    for (const auto& each : all.boxes)
        text += (text.empty() ? "" : " ") + sentence(each, all);
    return text;
}

std::string control_answer(const hops_found& all)
{
    if (!all.verdict || !all.verdict->control)
        return {};
    const auto& other = all.verdict->control_endpoint.value_or("another server");
    const auto shared = all.verdict->control_shared_hops.value_or(0);
    switch (*all.verdict->control) {
        case store::control_path::lives:
            return fmt::format("Only this path forgets: the one to {} does not.", other);
        case store::control_path::forgets_earlier:
            return fmt::format("The path to {} forgets as well, and earlier: that is another box.",
                               other);
        case store::control_path::untold:
            return fmt::format("What the path to {} does cannot be told.", other);
        case store::control_path::forgets:
            break;
    }
    const bool on_shared = std::ranges::any_of(all.boxes, [&](const box& each) {
        return each.farthest <= 2 * shared && each.seen_from != refresh_side::server;
    });
    if (on_shared)
        return fmt::format(
            "Both paths forget, this one and the one to {}, and they share the first {}: it is on "
            "your side.",
            other, shared == 1 ? "hop" : fmt::format("{} hops", shared));
    return fmt::format(
        "Both paths forget, this one and the one to {}; whether it is one box cannot be told, "
        "since "
        "what was found does not stand where they are known to be one.",
        other);
}

std::string hops_text(const hops_found& all, std::size_t width)
{
    std::vector<std::vector<std::string>> rows{{"0", "this host", ""}};
    for (const auto& each : all.way)
        rows.push_back({std::to_string(each.number),
                        (each.address.empty() ? "no answer" : each.address) +
                            (each.server ? " (the server)" : ""),
                        beside(all, each.number)});
    auto text = all.way.empty() ? "" : table({"hop", "who", ""}, rows, width) + "\n";
    const auto add = [&](const std::string& words) {
        for (const auto& line : wrapped(words, width))
            text += line + "\n";
    };
    if (all.verdict)
        for (const auto& each : all.verdict->remarks)
            add(capital(each) + ".");
    add(hops_answer(all));
    add(control_answer(all));
    return text;
}

std::string hops_json(const hops_found& all)
{
    if (!all.verdict)
        return "null";
    std::string way;
    for (const auto& each : all.way)
        way += (way.empty() ? "" : ",") +
               json_object{}
                   .field("hop", std::int64_t{each.number})
                   .field("address", each.address.empty()
                                         ? std::nullopt
                                         : std::optional<std::string_view>{each.address})
                   .field("server", each.server)
                   .text();
    std::string boxes;
    std::int64_t number = 0;
    for (const auto& each : all.boxes)
        boxes += (boxes.empty() ? "" : ",") + json_object{}
                                                  .field("box_id", ++number)
                                                  .field("from_hop", each.nearest / 2.0)
                                                  .field("to_hop", each.farthest / 2.0)
                                                  .field("low_s", each.low)
                                                  .field("high_s", each.high)
                                                  .field("seen_from", to_string(each.seen_from))
                                                  .field("remark", each.remark)
                                                  .field("place", place_in_words(each, all))
                                                  .text();
    std::string remarks;
    for (const auto& each : all.verdict->remarks)
        remarks += (remarks.empty() ? "" : ",") + json_string(each);
    json_object whole;
    whole.field("answer", hops_answer(all))
        .raw("hops", "[" + way + "]")
        .raw("boxes", "[" + boxes + "]")
        .field("longest_s", all.verdict->longest)
        .field("untold", all.verdict->untold)
        .raw("remarks", "[" + remarks + "]")
        .field("control_endpoint", all.verdict->control_endpoint)
        .field("control", all.verdict->control ? std::optional{to_string(*all.verdict->control)}
                                               : std::nullopt)
        .field("control_answer", control_answer(all));
    return whole.text();
}

}  // namespace deadair::report
