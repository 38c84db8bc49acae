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
    bool hibernate{};  ///< keep of TLS 1.3 only the keys while a connection is silent

    std::string scheme{};   ///< "https": of another make; empty: ours
    std::string address{};  ///< that the name was resolved to; empty before

    /// "echo.example:7443 (192.0.2.7)", for people.
    std::string in_words() const;
    std::string endpoint()
        const;  ///< "echo.example:7443", "https://a.example:443", as the record names it
};

/// TLS as it was asked for. @throws std::runtime_error if the CA file cannot be read.
net::tls_context make_context(const server_options& wanted);

}  // namespace deadair::prober
