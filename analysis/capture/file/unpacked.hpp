#pragma once

#include <cstdio>
#include <filesystem>

namespace deadair::capture {

/// The bytes of a file, unpacked as they are read if gzip, xz or zstd packed them.
/// @throws usage_error where there is no such file, std::runtime_error where it cannot be read
std::FILE* open_unpacked(const std::filesystem::path& file);

}  // namespace deadair::capture
