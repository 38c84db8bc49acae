#pragma once

#include <memory>
#include <optional>

#include "analysis/store/checkpointer.hpp"
#include "analysis/store/sqlite.hpp"

namespace deadair::store {

struct database::handle {
    std::shared_ptr<void> copied;  // where the file is a copy: ends with it
    connection_to_file sql;
    std::optional<checkpointer> checkpoints;  // where much is recorded

    handle(const std::filesystem::path& file, int flags) : sql{file, flags} {}
};

/// Opens an existing file for reading, and for writing where its mode, folder and medium allow.
/// @throws store_error
std::unique_ptr<database::handle> open_to_read(const std::filesystem::path& file);
/// Tables of the same names that hide those of derived rows, gone with the connection.
void keep_derived_in_memory(connection_to_file& file);

/// Which version the tables have; an empty file is version 0.
/// @throws store_error if the file is not ours, or newer than this program
int version_of(connection_to_file& file);

/// An empty text is stored as NULL.
inline std::optional<std::string_view> or_null(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace deadair::store
