#include "prober/server/server_options.hpp"

#include <fmt/format.h>

namespace deadair::prober {

std::string server_options::endpoint() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", host, ports.front())
              : fmt::format("{}:{}", host, ports.front());
}

}  // namespace deadair::prober
