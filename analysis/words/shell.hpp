#pragma once

#include <span>
#include <string>
#include <string_view>

namespace deadair {

/// A word as a POSIX shell takes it, in quotes where it must: what is pasted means itself. It is
/// one line and `printable`.
std::string shell_word(std::string_view word);
/// Several, with spaces between.
std::string shell_line(std::span<const std::string> words);

}  // namespace deadair
