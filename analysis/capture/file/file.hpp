#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "analysis/capture/segment.hpp"

namespace deadair::capture {

/// What a file held.
struct contents {
    std::uint64_t packets{};
    std::uint64_t segments{};  ///< of TCP, among them
    /// How it broke off; empty unless it did. What came before was given.
    std::string damage;
};

/// Gives every TCP segment of a capture (pcap or pcapng, also packed by gzip, xz or zstd), in
/// order.
/// @throws usage_error for what is no capture, or of a link that we do not read; std::runtime_error
///         for a file that cannot be read
contents read_file(const std::filesystem::path& file,
                   const std::function<void(const segment&)>& take);

}  // namespace deadair::capture
