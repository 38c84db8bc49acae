#pragma once

#include <cstddef>

namespace deadair::host {

/// How many characters a line may have on the terminal behind this descriptor; `otherwise` where
/// it is a file or a pipe.
std::size_t line_width(int descriptor, std::size_t otherwise);

}  // namespace deadair::host
