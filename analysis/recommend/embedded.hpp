#pragma once

#include <span>
#include <string_view>

namespace deadair::recommend {

/// A file of `data/` that travels inside the program.
struct embedded_file {
    std::string_view name;  ///< without folder and extension
    std::string_view text;
};

/// data/stacks/*.txt, ordered by name. Made by data/embed.cmake.
std::span<const embedded_file> embedded_stacks();

/// data/proofs.txt.
std::string_view embedded_proofs();

/// data/middleboxes.txt.
std::string_view embedded_middleboxes();

}  // namespace deadair::recommend
