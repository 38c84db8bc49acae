// What a run was asked for, from the options that it kept.
#include <algorithm>
#include <sstream>

#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/store.hpp"

namespace deadair::store {

namespace {

// More of them nobody asks for; a file may say anything.
constexpr std::size_t strata_max = 1024;
constexpr std::size_t refreshes_max = 16;

template <class Parse>
auto words(const std::string& list, Parse parse)
{
    std::vector<typename decltype(parse(std::string_view{}))::value_type> all;
    std::istringstream in{list};
    for (std::string word; std::getline(in, word, ',');)
        if (const auto found = parse(word))
            all.push_back(*found);
    return all;
}

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    unsigned port = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9' || port > 65535)
            return std::nullopt;
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    return port > 0 && port <= 65535 ? std::optional{static_cast<std::uint16_t>(port)}
                                     : std::nullopt;
}

// Those that connections were opened over; else those that were asked for.
std::vector<address_family> families_of(connection_to_file& sql, run_id which,
                                        const std::string& asked)
{
    auto all = words(asked, parse_address_family);
    auto row = sql.prepare("SELECT DISTINCT family FROM connections WHERE run_id = ?");
    row.bind(which);
    while (row.step()) {
        const auto family = known(parse_address_family(row.text(0)), row, 0);
        if (std::ranges::find(all, family) == all.end())
            all.push_back(family);
    }
    return all;
}

// Those on which every opening failed.
std::map<path, std::string> unreachable_in(const database& from, run_id which)
{
    std::map<path, std::string> found;
    for (const auto& each : from.refusals(which))
        found[each.on] = each.reason;
    for (const auto& each : from.connections(which))
        found.erase(each.on);
    return found;
}

}  // namespace

estimate::asked database::asked_of(run_id which) const
{
    estimate::asked wanted;
    auto row = handle_->sql.prepare(
        "SELECT o ->> '$.transport', o ->> '$.direction', o ->> '$.port', o ->> '$.family', "
        "o ->> '$.idle_max_s', state, o ->> '$.refresh', o ->> '$.refresh_from' FROM (SELECT "
        "state, iif(json_valid(options_used), "
        "options_used, '{}') AS o FROM runs WHERE run_id = ? AND command = 'measure')");
    row.bind(which);
    if (!row.step())
        return wanted;
    if (row.is_real(4) || row.is_integer(4))
        wanted.idle_max = row.time(4);
    wanted.ended_in_order = row.text(5) == "finished";
    wanted.unreachable = unreachable_in(*this, which);
    for (const auto by : words(row.text(6), parse_refresh))
        for (const auto from : words(row.text(7), parse_refresh_side))
            if (wanted.refreshes.size() < refreshes_max && by != refresh::none)
                wanted.refreshes.push_back({by, from});
    for (const auto family : families_of(handle_->sql, which, row.text(3)))
        for (const auto port : words(row.text(2), parse_port))
            for (const auto kind : words(row.text(0), parse_transport))
                for (const auto way : words(row.text(1), parse_direction))
                    if (wanted.strata.size() < strata_max)
                        wanted.strata.push_back({.on = {family, port, kind}, .way = way});
    return wanted;
}

}  // namespace deadair::store
