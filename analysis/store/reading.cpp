// Opening a file that may only be read.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

#include "analysis/store/handle.hpp"

namespace deadair::store {

namespace fs = std::filesystem;

namespace {

fs::path beside(const fs::path& file, const char* ending)
{
    auto other = file;
    other += ending;
    return other;
}

fs::path folder_of(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

// A database in WAL has files beside it, which even a reader makes.
bool may_write(const fs::path& file)
{
    return ::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) == 0 &&
           ::faccessat(AT_FDCWD, folder_of(file).c_str(), W_OK, AT_EACCESS) == 0;
}

// sqlite.org/uri.html
std::string uri_of(const fs::path& file)
{
    std::string text = "file:";
    for (const char c : fs::absolute(file).string())
        text += c == '?' || c == '#' || c == '%'
                    ? fmt::format("%{:02x}", static_cast<unsigned char>(c))
                    : std::string(1, c);
    return text + "?immutable=1";
}

std::unique_ptr<database::handle> opened(const fs::path& name, int flags)
{
    auto one = std::make_unique<database::handle>(name, flags);
    (void)one->sql.pragma("PRAGMA user_version");
    return one;
}

struct temporary_folder {
    temporary_folder()
    {
        auto pattern = (fs::temp_directory_path() / "deadair-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), pattern);
        name = pattern;
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder()
    {
        std::error_code left_behind;
        fs::remove_all(name, left_behind);
    }

    fs::path name;
};

// What a killed prober left in the WAL is found on the next opening, which writes.
std::unique_ptr<database::handle> opened_copy(const fs::path& file)
{
    auto folder = std::make_shared<temporary_folder>();
    const auto copy = folder->name / "results.db";
    fs::copy_file(file, copy);
    fs::copy_file(beside(file, "-wal"), beside(copy, "-wal"));
    fs::permissions(copy, fs::perms::owner_write, fs::perm_options::add);
    fs::permissions(beside(copy, "-wal"), fs::perms::owner_write, fs::perm_options::add);
    auto one = opened(copy, SQLITE_OPEN_READWRITE);
    one->copied = std::move(folder);
    return one;
}

}  // namespace

std::unique_ptr<database::handle> open_to_read(const fs::path& file)
{
    if (may_write(file))
        return std::make_unique<database::handle>(file, SQLITE_OPEN_READWRITE);
    std::error_code none_there;
    const auto left = fs::file_size(beside(file, "-wal"), none_there);
    if (none_there || left == 0)
        return opened(uri_of(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    try {
        return opened(file, SQLITE_OPEN_READONLY);
    } catch (const store_error&) {
        return opened_copy(file);
    }
}

void keep_derived_in_memory(connection_to_file& file)
{
    file.execute(
        "PRAGMA temp_store = MEMORY; "
        "CREATE TEMP TABLE findings AS SELECT * FROM main.findings; "
        "CREATE TEMP TABLE recommendations AS SELECT * FROM main.recommendations; "
        "CREATE TEMP TABLE limits (run_id INTEGER, limit_kind TEXT, limit_value REAL, note TEXT)");
}

}  // namespace deadair::store
