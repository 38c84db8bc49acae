#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deadair::recommend {

/// Which side of the connection the software is, as seen from what ends it.
enum class role : std::uint8_t {
    client,        ///< it opens the connections
    server,        ///< clients reach it through a plain firewall: it closes before that forgets
    proxy,         ///< it is the very proxy that ends the connections: its limits are to be raised
    behind_proxy,  ///< a proxy reuses connections to it: it closes later than the proxy
};

/// As `--role` takes it: "client", "server", "proxy", "behind-proxy".
std::string_view to_string(role value);
std::optional<role> parse_role(std::string_view text);
/// For people: "a server behind a proxy that reuses its connections".
std::string_view described(role value);

}  // namespace deadair::recommend
