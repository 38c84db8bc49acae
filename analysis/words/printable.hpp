#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What strangers wrote (labels, host names, reasons) must stay text, whatever shows it.
namespace deadair {

struct character {
    std::uint32_t code{};
    std::size_t size{};  ///< bytes; 0: they are no UTF-8
};
/// The first of a text that is not empty (RFC 3629).
character first_character(std::string_view text);

/// What a terminal or a viewer obeys instead of showing it: C0, DEL and C1; the line and paragraph
/// separators; marks, embeddings, overrides and isolates of direction (Unicode, Bidi_Control).
bool is_command(std::uint32_t code);

/// One line of valid UTF-8: control characters, line separators and what turns the direction of
/// text around become spaces; bytes that are no UTF-8 become U+FFFD. It neither breaks a line nor
/// speaks to a terminal.
std::string printable(std::string_view text);

/// The same line by line: line feeds stay.
std::string printable_lines(std::string_view text);

}  // namespace deadair
