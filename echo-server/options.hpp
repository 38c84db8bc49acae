#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "echo-server/limits.hpp"
#include "echo-server/listening.hpp"
#include "echo-server/log.hpp"

namespace deadair::echo_server {

struct options {
    std::vector<listen_address> listen;
    std::filesystem::path state_dir;
    std::optional<std::filesystem::path> certificate;  ///< both or neither
    std::optional<std::filesystem::path> private_key;
    std::optional<std::filesystem::path> token_file;  ///< else `token` in the state directory
    std::optional<std::string> user;                  ///< whom to become once the ports are bound
    std::optional<listen_address> metrics;  ///< of the first process; the next have the next ports
    std::size_t processes{1};
    bool hibernate{};  ///< keep of TLS 1.3 only the keys while a connection is silent
    server_limits limits;
    log_level level{log_level::info};
};

/// Reads the command line. Prints and returns nullopt for --help and --version.
/// @throws usage_error
std::optional<options> parse_options(int argc, const char* const* argv);

}  // namespace deadair::echo_server
