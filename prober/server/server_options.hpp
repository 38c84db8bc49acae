#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/words.hpp"
#include "echo-server/transport/proxy.hpp"
#include "echo-server/transport/tls.hpp"
#include "echo-server/wire/bytes.hpp"

namespace deadair::prober {

/// The server as it was asked for, and what each end needs to trust the other.
struct server_options {
    std::string host;
    std::vector<std::uint16_t> ports;      ///< the first carries the control connection
    std::vector<address_family> families;  ///< asked for; empty: whatever the name resolves to
    wire::buffer token;
    net::trust whom;
    std::optional<net::proxy_server> proxy{};

    std::string scheme{};   ///< "https": of another make; empty: ours
    std::string address{};  ///< that the name was resolved to; empty before

    /// "echo.example:7443 (192.0.2.7)", for people.
    std::string in_words() const;
    std::string endpoint()
        const;  ///< "echo.example:7443", "https://a.example:443", as the record names it
};

}  // namespace deadair::prober
