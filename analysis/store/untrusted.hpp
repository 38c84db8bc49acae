#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>

/// A results file may come from anywhere: nothing in it runs, and nothing in it keeps us busy.
namespace deadair::store {

/// Bounds what a file can make this handle do, before the first statement: no functions with
/// effects in its schema, no views, no triggers, nothing that changes the file behind our back;
/// texts of at most `text_max`.
void distrust(sqlite3* file);

/// Longest text or row that is read or written.
inline constexpr int text_max = 16 * 1024 * 1024;

/// Counts the steps of statements, and stops one that takes more than the file's size explains.
/// Outlives the handle's statements.
class step_limit {
public:
    step_limit(sqlite3* of, std::filesystem::path file);
    step_limit(const step_limit&) = delete;
    step_limit& operator=(const step_limit&) = delete;

    /// Another statement begins.
    void restart() { taken_ = 0; }

private:
    static int stepped(void* self);

    std::filesystem::path file_;
    std::uint64_t taken_{};
};

}  // namespace deadair::store
