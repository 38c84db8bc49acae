#include "tests/lying/lie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "analysis/words/names.hpp"

namespace deadair::lying {

namespace {

using wire::frame_type;

constexpr std::array<std::string_view, 8> act_names{"drop",   "repeat", "hold",  "falsify",
                                                    "invent", "flood",  "spoil", "hang_up"};
// What a companion says, and may lie about.
constexpr std::array says{
    frame_type::challenge, frame_type::welcome,     frame_type::tickets,
    frame_type::spoke,     frame_type::received,    frame_type::heartbeat_echo,
    frame_type::ended,     frame_type::state,       frame_type::joined,
    frame_type::probe,     frame_type::transferred, frame_type::abilities};
// What it may bring up at any moment, beside something else.
constexpr std::array inventions{frame_type::tickets, frame_type::spoke,   frame_type::received,
                                frame_type::ended,   frame_type::state,   frame_type::probe,
                                frame_type::joined,  frame_type::refused, frame_type::abilities};
// The moments that are tried with each invention.
constexpr std::array moments{frame_type::heartbeat_echo, frame_type::joined, frame_type::spoke,
                             frame_type::received};

std::span<std::byte> body_of(wire::buffer& frame)
{
    return std::span{frame}.subspan(wire::header_size);
}

frame_type type_of(const wire::buffer& frame)
{
    constexpr std::size_t type_at = 3;
    return static_cast<frame_type>(frame.at(type_at));
}

bool has_field(const layout& of, std::string_view name)
{
    return name.empty() || (name == "facts" && of.facts_at != 0) ||
           std::ranges::find(of.fields, name, &field::name) != of.fields.end();
}

bool makes_sense(const lie& one)
{
    const auto* of = layout_of(one.on);
    if (of == nullptr || one.share < 0 || one.share > 1)
        return false;
    if (one.what == act::falsify)
        return has_field(*of, one.detail);
    if (one.what == act::invent)
        return one.detail.empty() || layout_called(one.detail) != nullptr;
    return one.detail.empty();
}

std::string_view cut(std::string_view& text, char at)
{
    const auto end = std::min(text.find(at), text.size());
    const auto front = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return front;
}

}  // namespace

std::string to_string(const lie& one)
{
    return fmt::format("{}:{}{}{}:{}", layout_of(one.on)->name, name_of(one.what, act_names),
                       one.detail.empty() ? "" : "=", one.detail, one.share);
}

std::optional<lie> parse_lie(std::string_view text)
{
    const auto* on = layout_called(cut(text, ':'));
    auto middle = cut(text, ':');
    const auto what = std::ranges::find(act_names, cut(middle, '='));
    if (on == nullptr || what == act_names.end())
        return std::nullopt;
    lie read{.on = on->type,
             .what = static_cast<act>(what - act_names.begin()),
             .detail = std::string{middle}};
    const auto* const end = text.data() + text.size();
    if (!text.empty() && std::from_chars(text.data(), end, read.share).ptr != end)
        return std::nullopt;
    return makes_sense(read) ? std::optional{read} : std::nullopt;
}

std::vector<lie> all_lies()
{
    std::vector<lie> all;
    for (const auto on : says) {
        const auto& of = *layout_of(on);
        for (const auto what :
             {act::drop, act::repeat, act::hold, act::invent, act::flood, act::spoil, act::hang_up})
            all.push_back({.on = on, .what = what});
        for (const auto& each : of.fields)
            all.push_back({.on = on, .what = act::falsify, .detail = std::string{each.name}});
        if (of.facts_at != 0)
            all.push_back({.on = on, .what = act::falsify, .detail = "facts"});
    }
    for (const auto on : moments)
        for (const auto brings : inventions)
            all.push_back(
                {.on = on, .what = act::invent, .detail = std::string{layout_of(brings)->name}});
    return all;
}

std::vector<lie> some_lies(chance& by)
{
    constexpr std::array shares{1.0, 0.5, 0.2, 0.05, 0.01};
    const auto known = all_lies();
    std::vector<lie> some;
    for (auto left = by() % 4 + 1; left > 0; --left) {
        some.push_back(known.at(by() % known.size()));
        some.back().share = shares.at(by() % shares.size());
    }
    return some;
}

bool teller::happens(double share)
{
    return std::uniform_real_distribution<>{}(by_) < share;
}

said teller::tell(wire::buffer frame, std::deque<wire::buffer>& held, nanoseconds now)
{
    said result;
    const auto type = type_of(frame);
    // What was held is said behind what comes after it.
    std::deque<wire::buffer> late;
    if (!held.empty() && happens(0.7))
        late.swap(held);
    bool kept = true;
    for (const auto& each : lies_)
        if (each.on == type && kept && happens(each.share)) {
            apply(each, frame, result, held, now);
            kept = each.what != act::drop && each.what != act::hold;
        }
    if (kept)
        result.frames.push_back(std::move(frame));
    std::ranges::shuffle(late, by_);
    std::ranges::move(late, std::back_inserter(result.frames));
    return result;
}

void teller::apply(const lie& one, wire::buffer& frame, said& into, std::deque<wire::buffer>& held,
                   nanoseconds now)
{
    switch (one.what) {
        case act::drop:
            return;
        case act::repeat:
            return (void)into.frames.insert(into.frames.end(), by_() % 20 + 1, frame);
        case act::hold:
            return held.push_back(frame);
        case act::falsify:
            return falsify(body_of(frame), *layout_of(one.on), one.detail, by_);
        case act::invent:
            return into.frames.push_back(invented(one, frame, now));
        case act::flood:
            into.flood = true;
            return;
        case act::spoil:
            frame.at(by_() % frame.size()) ^= static_cast<std::byte>(by_() % 255 + 1);
            return;
        case act::hang_up:
            into.hang_up = true;
            return;
    }
}

// Numbers that the frame beside it bears are the most likely ones to be believed.
wire::buffer teller::invented(const lie& one, const wire::buffer& beside, nanoseconds now)
{
    const auto& from = *layout_of(one.on);
    const auto& of = one.detail.empty() ? from : *layout_called(one.detail);
    auto made = wire::encode_frame(of.type, wire::buffer(of.size));
    const auto number = [&](std::string_view name) -> std::uint64_t {
        const auto found = std::ranges::find(from.fields, name, &field::name);
        const auto known = found == from.fields.end()
                               ? by_() % 64
                               : take(std::span{beside}.subspan(wire::header_size), *found);
        return known + (by_() % 3 == 0 ? by_() % 5 : 0);
    };
    for (const auto& each : of.fields)
        if (each.name == "time")
            put(body_of(made), each, static_cast<std::uint64_t>(now.count()));
        else if (each.name == "probe" || each.name == "connection" || each.name == "transfer")
            put(body_of(made), each, number(each.name));
        else if (each.name == "cause" || each.name == "open" || each.name == "reason")
            put(body_of(made), each, by_() % 6);
    if (happens(0.3))
        falsify(body_of(made), of, {}, by_);
    return made;
}

}  // namespace deadair::lying
