#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// Files with secrets in them, which nobody but their owner may read.
namespace deadair::net {

/// The file's text. @param what  what it is, for people: "token file"
/// @throws std::runtime_error with one sentence that names the file and the way out.
std::string read_secret_file(const std::filesystem::path& file, std::string_view what);

/// For a key that was made elsewhere and that a group may share. Whether it is there at all shows
/// when it is read. @throws as above.
void refuse_if_everybody_may_read(const std::filesystem::path& file, std::string_view what);

/// Writes `text` to a new file that only its owner may read (0600), whole or not at all. Does
/// nothing if the file is there already, also if another process makes it at the same moment.
/// @throws std::system_error
void write_secret_once(const std::filesystem::path& file, const std::string& text);

}  // namespace deadair::net
