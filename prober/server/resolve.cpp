#include "prober/server/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// RFC 8305, section 5: each address has so much time before the next is tried beside it.
constexpr auto head_start = 250ms;
// So long an address has to take a connection, the last of them, too.
constexpr auto patience = 3s;

struct attempt {
    net::tcp::socket socket;
    boost::asio::steady_timer timer;
};

address_family family_of(const net::tcp::resolver::results_type::value_type& found)
{
    return found.endpoint().address().is_v4() ? address_family::ipv4 : address_family::ipv6;
}

}  // namespace

void put_first_what_answers(std::vector<net::tcp::endpoint>& all)
{
    if (all.size() < 2)
        return;
    boost::asio::io_context io{1};
    std::vector<std::unique_ptr<attempt>> attempts;
    std::vector<net::tcp::endpoint> answered;
    for (const auto& each : all) {
        auto& one = *attempts.emplace_back(
            new attempt{net::tcp::socket{io}, boost::asio::steady_timer{io}});
        one.timer.expires_after(head_start * (attempts.size() - 1));
        one.timer.async_wait([&one, &answered, &io, each](const boost::system::error_code&) {
            one.socket.async_connect(each, [&answered, &io, each](auto error) {
                if (error)
                    return;
                answered.push_back(each);
                io.stop();
            });
        });
    }
    io.run_for(head_start * all.size() + patience);
    if (!answered.empty())
        std::stable_partition(all.begin(), all.end(),
                              [&](const auto& each) { return each == answered[0]; });
}

target resolve(boost::asio::io_context& io, const server_options& wanted)
{
    const auto [name, port] = name_of(wanted);
    boost::system::error_code error;
    const auto found = net::tcp::resolver{io}.resolve(name, port, error);
    if (error)
        throw std::runtime_error(fmt::format("the {}'s name {} cannot be resolved: {}",
                                             wanted.proxy ? "proxy" : "server", name,
                                             error.message()));
    return target_that_answers(found, wanted);
}

target target_that_answers(const net::tcp::resolver::results_type& found,
                           const server_options& wanted)
{
    // Each family that is asked for has an address of its own; of the others none is tried.
    std::vector<net::tcp::endpoint> all;
    for (const auto family : {address_family::ipv4, address_family::ipv6}) {
        std::vector<net::tcp::endpoint> of_it;
        for (const auto& each : found)
            if (family_of(each) == family)
                of_it.push_back(each.endpoint());
        if (std::ranges::find(wanted.families, family) == wanted.families.end())
            continue;
        put_first_what_answers(of_it);
        all.insert(all.end(), of_it.begin(), of_it.end());
    }
    if (wanted.families.empty()) {
        for (const auto& each : found)
            all.push_back(each.endpoint());
        put_first_what_answers(all);
    }
    const auto [name, port] = name_of(wanted);
    return target_of(net::tcp::resolver::results_type::create(all.begin(), all.end(), name, port),
                     wanted);
}

std::pair<std::string, std::string> name_of(const server_options& wanted)
{
    return wanted.proxy ? std::pair{wanted.proxy->host, std::to_string(wanted.proxy->port)}
                        : std::pair{wanted.host, std::to_string(wanted.ports.front())};
}

target target_of(const net::tcp::resolver::results_type& found, const server_options& wanted)
{
    target server{.host = wanted.host,
                  .address = {},
                  .through = wanted.proxy,
                  .whom = wanted.whom,
                  .context = nullptr};
    for (const auto& each : found) {
        const auto address = each.endpoint().address();
        const auto family = family_of(each);
        const bool asked = std::ranges::find(wanted.families, family) != wanted.families.end();
        if (asked || (wanted.families.empty() && server.address.empty()))
            server.address.emplace(family, address);
    }
    for (const auto family : wanted.families)
        if (!server.address.contains(family))
            throw std::runtime_error(fmt::format("the {} {} has no {} address",
                                                 wanted.proxy ? "proxy" : "server",
                                                 name_of(wanted).first, to_string(family)));
    return server;
}

std::vector<path> paths_of(const server_options& wanted, const target& server,
                           std::span<const transport> transports)
{
    std::vector<path> all;
    for (const auto port : wanted.ports)
        for (const auto& [family, address] : server.address)
            for (const auto kind : transports)
                all.push_back({.family = family, .server_port = port, .kind = kind});
    return all;
}

control::settings control_of(const server_options& wanted, const target& server,
                             std::span<const transport> transports)
{
    const bool websocket = std::ranges::any_of(transports, is_websocket);
    return {.endpoint = server.endpoint(server.address.begin()->first, wanted.ports.front()),
            .port = wanted.ports.front(),
            .kind = websocket ? transport::wss : transport::tls,
            .token = wanted.token,
            .unbound = wanted.whom.allow_interception};
}

}  // namespace deadair::prober
