#include "prober/server/server_options.hpp"

#include <fmt/format.h>

#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::prober {

std::string server_options::endpoint() const
{
    const bool v6 = host.find(':') != std::string::npos;
    const auto before = scheme.empty() ? scheme : scheme + "://";
    return v6 ? fmt::format("{}[{}]:{}", before, host, ports.front())
              : fmt::format("{}{}:{}", before, host, ports.front());
}

std::string server_options::in_words() const
{
    return address.empty() || address == host || proxy
               ? endpoint()
               : fmt::format("{} ({})", endpoint(), address);
}

net::tls_context make_context(const server_options& wanted)
{
    auto context = net::make_client_context(wanted.whom);
    if (wanted.hibernate)
        net::note_traffic_keys(context.get());
    return context;
}

}  // namespace deadair::prober
