#include "prober/server/server_options.hpp"

#include <fmt/format.h>

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

}  // namespace deadair::prober
