#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace deadair::store {

/// Moves what was committed from the WAL into the file, on a thread and a connection of its own:
/// that takes two fsyncs, milliseconds in which whoever records could not send a probe.
/// Without work the thread sleeps.
class checkpointer {
public:
    /// Takes the place of `writer`'s own checkpoints; must go before `writer` does.
    checkpointer(const std::filesystem::path& file, sqlite3* writer);
    ~checkpointer();
    checkpointer(const checkpointer&) = delete;
    checkpointer& operator=(const checkpointer&) = delete;

private:
    static int committed(void* self, sqlite3*, const char*, int pages);
    void work(const std::filesystem::path& file);

    sqlite3* writer_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool wanted_{};
    bool over_{};
    std::thread thread_;
};

}  // namespace deadair::store
