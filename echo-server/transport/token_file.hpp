#pragma once

#include <filesystem>
#include <vector>

#include "echo-server/wire/token.hpp"

namespace deadair::net {

/// Reads a token file, which nobody but its owner may read.
/// @throws std::runtime_error with one sentence that names the file and the way out.
std::vector<wire::token> read_token_file(const std::filesystem::path& file);

/// Writes `text` to a new file that only its owner may read (0600), whole or not at all. Does
/// nothing if the file is there already, also if another process makes it at the same moment.
/// @throws std::system_error
void write_secret_once(const std::filesystem::path& file, const std::string& text);

}  // namespace deadair::net
