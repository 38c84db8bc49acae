#pragma once

#include <filesystem>
#include <vector>

#include "echo-server/wire/token.hpp"

namespace deadair::net {

/// Reads a token file, which nobody but its owner may read.
/// @throws std::runtime_error with one sentence that names the file and the way out.
std::vector<wire::token> read_token_file(const std::filesystem::path& file);

}  // namespace deadair::net
