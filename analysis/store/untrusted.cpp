#include "analysis/store/untrusted.hpp"

namespace deadair::store {

namespace {

// Of SQLite's virtual machine, between two looks at the limit.
constexpr int steps_a_look = 1'000'000;
// A statement of ours takes a few steps for each byte at most; a row has a hundred bytes or so.
constexpr std::uint64_t steps_a_byte = 200;
constexpr std::uint64_t steps_anyway = 20'000'000;
// A pattern that is matched again and again from each letter on takes forever.
constexpr int pattern_max = 100;

std::uint64_t size_of(std::filesystem::path file)
{
    std::error_code none_there;
    const auto size = std::filesystem::file_size(file, none_there);
    const auto wal = std::filesystem::file_size(file += "-wal", none_there);
    const auto known = [](std::uintmax_t bytes) {
        return bytes == static_cast<std::uintmax_t>(-1) ? 0 : bytes;
    };
    return known(size) + known(wal);
}

}  // namespace

void distrust(sqlite3* file)
{
    sqlite3_db_config(file, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(file, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(file, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(file, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(file, SQLITE_LIMIT_LENGTH, text_max);
    sqlite3_limit(file, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, pattern_max);
    sqlite3_limit(file, SQLITE_LIMIT_ATTACHED, 0);
}

step_limit::step_limit(sqlite3* of, std::filesystem::path file) : file_{std::move(file)}
{
    sqlite3_progress_handler(of, steps_a_look, &step_limit::stepped, this);
}

int step_limit::stepped(void* self)
{
    auto& here = *static_cast<step_limit*>(self);
    here.taken_ += steps_a_look;
    if (here.taken_ <= steps_anyway)
        return 0;
    return here.taken_ > steps_anyway + steps_a_byte * size_of(here.file_) ? 1 : 0;
}

}  // namespace deadair::store
