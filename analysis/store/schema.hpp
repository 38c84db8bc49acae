#pragma once

#include <array>

namespace deadair::store {

/// Says that a SQLite file is ours (PRAGMA application_id): "dead".
inline constexpr int application_id = 0x64656164;

/// The statements that lead from each version of the schema to the next; the version is
/// `PRAGMA user_version`. A step that was released is never changed.
extern const std::array<const char*, 7> migrations;

}  // namespace deadair::store
