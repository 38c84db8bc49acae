#include "analysis/store/checkpointer.hpp"

namespace deadair::store {

namespace {

// SQLite's own default for PRAGMA wal_autocheckpoint: 4 MiB of WAL.
constexpr int pages_between = 1000;

}  // namespace

checkpointer::checkpointer(const std::filesystem::path& file, sqlite3* writer)
    : writer_{writer}, thread_{[this, file] { work(file); }}
{
    sqlite3_wal_hook(writer_, &checkpointer::committed, this);
}

checkpointer::~checkpointer()
{
    sqlite3_wal_hook(writer_, nullptr, nullptr);
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

int checkpointer::committed(void* self, sqlite3*, const char*, int pages)
{
    if (pages < pages_between)
        return SQLITE_OK;
    auto& here = *static_cast<checkpointer*>(self);
    {
        const std::lock_guard lock{here.mutex_};
        here.wanted_ = true;
    }
    here.wake_.notify_one();
    return SQLITE_OK;
}

// What goes wrong here the writer meets as well, and says so.
void checkpointer::work(const std::filesystem::path& file)
{
    sqlite3* own = nullptr;
    const bool open =
        sqlite3_open_v2(file.c_str(), &own, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
    std::unique_lock lock{mutex_};
    while (true) {
        wake_.wait(lock, [&] { return wanted_ || over_; });
        if (over_)
            break;
        wanted_ = false;
        lock.unlock();
        // A handle that has read nothing does not know of the WAL, and would do nothing.
        if (open &&
            sqlite3_exec(own, "PRAGMA schema_version", nullptr, nullptr, nullptr) == SQLITE_OK)
            sqlite3_wal_checkpoint_v2(own, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        lock.lock();
    }
    lock.unlock();
    sqlite3_close_v2(own);
}

}  // namespace deadair::store
