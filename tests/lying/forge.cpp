#include "tests/lying/forge.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace deadair::lying {

namespace {

using wire::frame_type;

constexpr std::size_t facts_size = 40;
constexpr std::string_view facts = "facts";

constexpr std::array hello_fields{field{"nonce", 0, 32}, field{"session", 32, 16},
                                  field{"unbound", 48, 1}, field{"asks_abilities", 49, 1}};
constexpr std::array abilities_fields{field{"abilities", 0, 4}};
constexpr std::array challenge_fields{field{"nonce", 0, 32}};
constexpr std::array proof_fields{field{"digest", 0, 32}};
constexpr std::array welcome_fields{field{"digest", 0, 32}, field{"session", 32, 16},
                                    field{"resumed", 48, 1}, field{"connections_max", 49, 4}};
constexpr std::array refused_fields{field{"reason", 0, 1}};
constexpr std::array ticket_request_fields{field{"count", 0, 2}};
constexpr std::array tickets_fields{field{"ticket", 0, 16}};
constexpr std::array speak_fields{field{"probe", 0, 4}, field{"connection", 4, 4}};
constexpr std::array spoke_fields{field{"probe", 0, 4}, field{"connection", 4, 4},
                                  field{"cause", 8, 1}, field{"time", 9, 8}};
constexpr std::array received_fields{field{"probe", 0, 4}, field{"connection", 4, 4},
                                     field{"time", 8, 8}};
constexpr std::array heartbeat_fields{field{"sequence", 0, 4}, field{"prober_time", 4, 8}};
constexpr std::array heartbeat_echo_fields{field{"sequence", 0, 4}, field{"prober_time", 4, 8},
                                           field{"time", 12, 8}};
constexpr std::array ended_fields{field{"connection", 0, 4}, field{"cause", 4, 1},
                                  field{"time", 5, 8}};
constexpr std::array query_fields{field{"connection", 0, 4}};
constexpr std::array state_fields{field{"connection", 0, 4}, field{"open", 4, 1},
                                  field{"time", 5, 8}};
constexpr std::array download_fields{field{"transfer", 0, 4}, field{"connection", 4, 4},
                                     field{"size", 8, 8}};
constexpr std::array transferred_fields{field{"transfer", 0, 4}, field{"connection", 4, 4},
                                        field{"end", 8, 1},      field{"size", 9, 8},
                                        field{"begin", 17, 8},   field{"time", 25, 8}};
constexpr std::array refresh_fields{field{"connection", 0, 4}, field{"means", 4, 1},
                                    field{"milliseconds", 5, 4}};
constexpr std::array refresh_within_fields{field{"connection", 0, 4}, field{"hops", 4, 1},
                                           field{"milliseconds", 5, 4}};
constexpr std::array join_fields{field{"ticket", 0, 16}, field{"connection", 16, 4}};
constexpr std::array joined_fields{field{"connection", 0, 4}};
constexpr std::array probe_fields{field{"probe", 0, 4}};
constexpr std::array upload_fields{field{"transfer", 0, 4}, field{"size", 4, 8}};

constexpr std::array all{
    layout{frame_type::hello, "hello", 64, hello_fields},
    layout{frame_type::challenge, "challenge", 32, challenge_fields},
    layout{frame_type::proof, "proof", 32, proof_fields},
    layout{frame_type::welcome, "welcome", 53, welcome_fields},
    layout{frame_type::refused, "refused", 1, refused_fields},
    layout{frame_type::ticket_request, "ticket_request", 2, ticket_request_fields},
    layout{frame_type::tickets, "tickets", 16, tickets_fields},
    layout{frame_type::speak, "speak", 8, speak_fields},
    layout{frame_type::spoke, "spoke", 17 + facts_size, spoke_fields, 17},
    layout{frame_type::received, "received", 16 + facts_size, received_fields, 16},
    layout{frame_type::heartbeat, "heartbeat", 12, heartbeat_fields},
    layout{frame_type::heartbeat_echo, "heartbeat_echo", 20, heartbeat_echo_fields},
    layout{frame_type::ended, "ended", 13 + facts_size, ended_fields, 13},
    layout{frame_type::query, "query", 4, query_fields},
    layout{frame_type::state, "state", 13 + facts_size, state_fields, 13},
    layout{frame_type::download, "download", 16, download_fields},
    layout{frame_type::transferred, "transferred", 33 + facts_size, transferred_fields, 33},
    layout{frame_type::refresh, "refresh", 9, refresh_fields},
    layout{frame_type::refresh_within, "refresh_within", 9, refresh_within_fields},
    layout{frame_type::abilities, "abilities", 4, abilities_fields},
    layout{frame_type::join, "join", 20, join_fields},
    layout{frame_type::joined, "joined", 4, joined_fields},
    layout{frame_type::probe, "probe", 4, probe_fields},
    layout{frame_type::upload, "upload", 12, upload_fields},
};

std::uint64_t any_below(std::uint64_t bound, chance& by)
{
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(by);
}

std::uint64_t another(std::uint64_t value, chance& by)
{
    constexpr std::uint64_t second = 1'000'000'000;
    constexpr std::uint64_t year = 365 * 86'400 * second;
    const std::array choices{
        value + 1,
        value - 1,
        std::uint64_t{0},
        std::uint64_t{1},
        std::numeric_limits<std::uint64_t>::max(),
        std::uint64_t{1} << 63,
        (std::uint64_t{1} << 63) - 1,
        value + second / 20,
        value - second / 20,
        value + second,
        value - second,
        value + 3600 * second,
        value - 3600 * second,
        value + 5 * year,
        value - 5 * year,
        value ^ (std::uint64_t{1} << any_below(64, by)),
        by(),
    };
    return choices.at(any_below(choices.size(), by));
}

bool is_number(const field& one)
{
    return one.size <= sizeof(std::uint64_t);
}

}  // namespace

const layout* layout_of(wire::frame_type type)
{
    const auto found = std::ranges::find(all, type, &layout::type);
    return found == all.end() ? nullptr : &*found;
}

const layout* layout_called(std::string_view name)
{
    const auto found = std::ranges::find(all, name, &layout::name);
    return found == all.end() ? nullptr : &*found;
}

void put(std::span<std::byte> body, const field& into, std::uint64_t value)
{
    for (std::size_t i = into.size; i-- > 0; value >>= 8)
        body[into.at + i] = static_cast<std::byte>(value & 0xff);
}

std::uint64_t take(std::span<const std::byte> body, const field& from)
{
    std::uint64_t value = 0;
    for (const auto byte : body.subspan(from.at, from.size))
        value = (value << 8) | std::to_integer<std::uint64_t>(byte);
    return value;
}

void falsify(std::span<std::byte> body, const layout& of, std::string_view name, chance& by)
{
    auto which = of.fields[any_below(of.fields.size(), by)];
    const bool of_facts = name == facts || (name.empty() && of.facts_at != 0 && by() % 4 == 0);
    if (of_facts)
        which = {facts, of.facts_at + 4 * any_below(facts_size / 4, by), 4};
    else if (!name.empty())
        which = *std::ranges::find(of.fields, name, &field::name);
    if (which.at + which.size > body.size())
        return;
    if (is_number(which))
        return put(body, which, another(take(body, which), by));
    for (auto& byte : body.subspan(which.at, which.size))
        byte = static_cast<std::byte>(by() & 0xff);
}

}  // namespace deadair::lying
