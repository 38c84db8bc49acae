#pragma once

#include <string>
#include <vector>

namespace deadair::report {

/// Columns as wide as their longest cell; the last column takes what is left of `width` and
/// wraps at words.
std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width = 100);

}  // namespace deadair::report
