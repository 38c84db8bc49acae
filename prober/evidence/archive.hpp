#pragma once

#include <filesystem>
#include <span>

#include "prober/evidence/part.hpp"

namespace deadair::prober::evidence {

/// Writes each part as NAME.txt into one `.tar.gz`. A file that is there already stays.
/// @throws std::runtime_error with one sentence that names the file.
void write_archive(const std::filesystem::path& to, std::span<const part> parts);

}  // namespace deadair::prober::evidence
