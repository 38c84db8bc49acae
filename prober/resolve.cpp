#include "prober/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace deadair::prober {

target resolve(boost::asio::io_context& io, const server_options& wanted)
{
    const auto& name = wanted.proxy ? wanted.proxy->host : wanted.host;
    const auto* const who = wanted.proxy ? "proxy" : "server";
    boost::system::error_code error;
    const auto found = net::tcp::resolver{io}.resolve(
        name, std::to_string(wanted.proxy ? wanted.proxy->port : wanted.ports.front()), error);
    if (error)
        throw std::runtime_error(
            fmt::format("the {}'s name {} cannot be resolved: {}", who, name, error.message()));
    target server{.host = wanted.host,
                  .address = {},
                  .through = wanted.proxy,
                  .whom = wanted.whom,
                  .context = nullptr};
    for (const auto& each : found) {
        const auto address = each.endpoint().address();
        const auto family = address.is_v4() ? address_family::ipv4 : address_family::ipv6;
        const bool asked = std::ranges::find(wanted.families, family) != wanted.families.end();
        if (asked || (wanted.families.empty() && server.address.empty()))
            server.address.emplace(family, address);
    }
    for (const auto family : wanted.families)
        if (!server.address.contains(family))
            throw std::runtime_error(
                fmt::format("the {} {} has no {} address", who, name, to_string(family)));
    return server;
}

}  // namespace deadair::prober
