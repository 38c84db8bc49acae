#include "analysis/host/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

namespace deadair::host {

std::string address_of(const endpoint& where)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = where.family == address_family::ipv4 ? AF_INET : AF_INET6;
    ::inet_ntop(family, where.address.data(), text.data(), text.size());
    return text.data();
}

std::string to_string(const endpoint& where)
{
    return where.family == address_family::ipv4
               ? fmt::format("{}:{}", address_of(where), where.port)
               : fmt::format("[{}]:{}", address_of(where), where.port);
}

}  // namespace deadair::host
