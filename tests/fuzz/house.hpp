#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "echo-server/identity.hpp"
#include "echo-server/server.hpp"
#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::fuzz {

/// A server on loopback, on the loop of whoever attacks it.
struct house {
    house()
    {
        std::string pattern = "/tmp/deadair-fuzz-XXXXXX";
        const std::filesystem::path folder = mkdtemp(pattern.data());
        const auto own = echo_server::load_or_make_identity(folder);
        std::filesystem::remove_all(folder);
        auto context = net::make_server_context(own.certificate.get(), own.key.get());
        net::note_traffic_keys(context.get());
        server.emplace(io, std::move(context), std::vector{token}, echo_server::server_limits{},
                       log);
        at = server->listen({boost::asio::ip::make_address("127.0.0.1"), 0});
    }

    /// False when the fuzzer's own timer interrupted it.
    bool open(boost::asio::ip::tcp::socket& line) const
    {
        boost::system::error_code interrupted;
        line.connect(at, interrupted);
        // A reset at the end: thousands of connections in TIME_WAIT would use up the ports.
        if (!interrupted)
            line.set_option(boost::asio::socket_base::linger{true, 0});
        return !interrupted;
    }

    /// They would live on for two minutes.
    void end_sessions()
    {
        server->replace_tokens({other});
        server->replace_tokens({token});
        io.poll();
    }

    boost::asio::io_context io{1};
    const wire::token token{"fuzz", *wire::parse_secret(std::string(64, '7'))};
    const wire::token other{"other", *wire::parse_secret(std::string(64, '8'))};
    echo_server::log log{echo_server::log_level::error};
    std::optional<echo_server::server> server;
    net::tcp::endpoint at;
};

}  // namespace deadair::fuzz
