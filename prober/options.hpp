#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "echo-server/transport/tls.hpp"
#include "echo-server/wire/bytes.hpp"
#include "prober/planner/planner.hpp"
#include "prober/progress.hpp"

namespace deadair::prober {

struct options {
    std::string host;
    std::vector<std::uint16_t> ports;      ///< the first carries the control connection
    std::vector<address_family> families;  ///< asked for; empty: whatever the name resolves to
    std::vector<transport> transports;
    wire::buffer token;
    net::trust whom;
    planner::plan plan;  ///< without its paths, which need the resolved name
    std::filesystem::path database{"results.db"};
    std::string label;
    progress_mode show{progress_mode::automatic};
    std::string asked;  ///< the command line, for the record; holds no secret
    std::string used;   ///< JSON: every option with its value

    std::string endpoint() const;  ///< "echo.example:7443", as the record names it
};

/// Reads the command line and the token. Prints and returns nullopt for --help and --version.
/// @throws usage_error
std::optional<options> parse_options(int argc, const char* const* argv);

}  // namespace deadair::prober
