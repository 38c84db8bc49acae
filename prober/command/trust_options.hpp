#pragma once

#include <string>

#include "prober/command/command.hpp"
#include "prober/server/server_options.hpp"

/// How a server is known to be the right one, and we to it. Each throws usage_error.
namespace deadair::prober {

/// "sha256:" and 64 hexadecimal digits, as they stand in a trust: in small letters.
std::string read_pin(std::string pin, const char* option);
/// The first token of a file.
wire::buffer token_of(const std::string& file, const char* option);

/// --pin, --ca-file, --allow-interception
void read_trust(const po::variables_map& given, server_options& wanted);
/// --token-file, or the environment's DEADAIR_TOKEN
void read_token(const po::variables_map& given, server_options& wanted);

}  // namespace deadair::prober
