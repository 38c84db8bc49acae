#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/words.hpp"
#include "echo-server/transport/channel.hpp"
#include "echo-server/wire/bytes.hpp"

namespace deadair::load {

struct options {
    net::tcp::endpoint server;
    transport kind{transport::tls};
    std::optional<std::string> pin;  ///< none: a server of another make, which echoes
    wire::buffer token;              ///< empty with a server of another make
    std::size_t connections{};
    std::size_t connections_per_session{};
    std::size_t processes{};
    std::vector<int> server_pids;
    std::chrono::seconds hold{};
    std::size_t probes_per_second{};
    std::chrono::seconds lateness_for{};  ///< zero: each connection is probed once, no more
};

/// Reads the command line. Prints and returns nullopt for --help.
/// @throws usage_error
std::optional<options> parse_options(int argc, const char* const* argv);

}  // namespace deadair::load
