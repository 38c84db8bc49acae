#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "analysis/store/store.hpp"

namespace deadair::store {

/// Records on a thread and a handle of its own, in order: no disk keeps whoever records from what
/// is due. All that waits becomes one transaction. Used from one thread.
class recorder {
public:
    using row = std::function<void(database&)>;
    /// More than this do not wait: `write` waits for the disk then.
    static constexpr std::size_t waiting_max = 10'000;

    /// @param file  a database that was opened before
    /// @param news  called on the recorder's thread when `kept` has something new to tell
    /// @throws store_error
    recorder(const std::filesystem::path& file, std::function<void()> news);
    /// Writes what waits.
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    /// @return the row's number, counted from 1. @throws store_error when an earlier row failed
    std::uint64_t write(row what);
    /// Rows that are on disk. @throws store_error when one failed: nothing is written after it
    std::uint64_t kept() const;
    /// Waits until all rows are on disk. @throws store_error
    void flush();

private:
    void work();
    std::exception_ptr write_all(const std::vector<row>& batch);

    database database_;
    std::function<void()> news_;
    mutable std::mutex mutex_;
    std::condition_variable more_;   // rows wait, or it is over
    std::condition_variable moved_;  // rows are on disk, or cannot be written
    std::vector<row> waiting_;
    std::uint64_t written_{};
    std::uint64_t kept_{};
    std::exception_ptr problem_;
    bool over_{};
    std::thread thread_;
};

}  // namespace deadair::store
