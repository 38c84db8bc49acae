#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deadair::report {

/// Columns as wide as their longest cell; the last column takes what is left of `width` and
/// wraps at words. Where that is too little, each row is a few lines instead: its first cell, then
/// the others with their heads.
std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width = 100);

/// The text in lines of at most `width` characters, broken at spaces; a longer word stays whole.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace deadair::report
