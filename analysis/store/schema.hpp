#pragma once

#include <array>

namespace deadair::store {

/// Says that a SQLite file is ours (PRAGMA application_id): "dead".
inline constexpr int application_id = 0x64656164;

/// `PRAGMA user_version` of the oldest tables that are still read: what the first of `migrations`
/// makes.
inline constexpr int version_oldest = 7;

/// The first makes the tables of `version_oldest`; each other leads to the next version. A step
/// that was released is never changed.
extern const std::array<const char*, 3> migrations;

/// Whether a file that says it has the newest tables has them: true tables, neither views nor
/// virtual ones, with every column that is read. @throws store_error
void require_newest_tables(class connection_to_file& file);

}  // namespace deadair::store
