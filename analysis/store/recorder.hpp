#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "analysis/store/store.hpp"

namespace deadair::store {

/// Records on a thread and a handle of its own, in order: no disk keeps whoever records from what
/// is due. All that waits becomes one transaction. While the file cannot be written for a reason
/// that may pass (a lock, a full disk) all waits, and is tried again. Used from one thread.
class recorder {
public:
    /// Done again, if its transaction could not be kept.
    using row = std::function<void(database&)>;

    /// @param file      a database that was opened before
    /// @param patience  a file that cannot be written for longer has failed
    /// @param news      called on the recorder's thread when there is something new to ask for
    /// @throws store_error
    recorder(const std::filesystem::path& file, std::chrono::seconds patience,
             std::function<void()> news);
    /// Writes what waits, if the file can be written.
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    /// @return the row's number, counted from 1. @throws store_error when an earlier row failed
    std::uint64_t write(row what);
    /// Rows that are on disk. @throws store_error when one failed: nothing is written after it
    std::uint64_t kept() const;
    /// Rows that are not.
    std::size_t waiting() const;
    /// Why they wait, for people; empty while nothing keeps them from the disk.
    std::string trouble() const;
    /// Waits until all rows are on disk. @return false if that takes longer. @throws store_error
    bool flush(std::chrono::milliseconds at_most = std::chrono::hours{1});

private:
    void work();
    bool try_again(const std::exception_ptr& problem, std::unique_lock<std::mutex>& lock);
    std::exception_ptr write_all(const std::vector<row>& batch);

    database database_;
    std::chrono::seconds patience_;
    std::function<void()> news_;
    mutable std::mutex mutex_;
    std::condition_variable more_;   // rows wait, or it is over
    std::condition_variable moved_;  // rows are on disk, or cannot be written
    std::vector<row> waiting_;
    std::uint64_t written_{};
    std::uint64_t kept_{};
    std::string trouble_;
    std::chrono::steady_clock::time_point trouble_since_;
    std::exception_ptr problem_;
    bool over_{};
    std::thread thread_;
};

}  // namespace deadair::store
