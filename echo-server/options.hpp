#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "echo-server/log.hpp"
#include "echo-server/server.hpp"

namespace deadair::echo_server {

/// An address to listen on, as it was written: "[::]:7443", "0.0.0.0:443".
struct listen_address {
    std::string host;
    std::uint16_t port{};
    std::string text;
};

struct options {
    std::vector<listen_address> listen;
    std::filesystem::path state_dir;
    std::optional<std::filesystem::path> certificate;  ///< both or neither
    std::optional<std::filesystem::path> private_key;
    std::optional<std::filesystem::path> token_file;  ///< else `token` in the state directory
    server_limits limits;
    log_level level{log_level::info};
};

/// Reads the command line. Prints and returns nullopt for --help and --version.
/// @throws usage_error
std::optional<options> parse_options(int argc, const char* const* argv);

}  // namespace deadair::echo_server
