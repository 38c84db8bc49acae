#include "analysis/store/recorder.hpp"

#include <utility>

#include "analysis/store/handle.hpp"

namespace deadair::store {

std::filesystem::path database::file() const
{
    return sqlite3_db_filename(handle_->sql.raw(), "main");
}

void database::together(const std::function<void()>& record)
{
    transaction all{handle_->sql};
    record();
    all.commit();
}

recorder::recorder(const std::filesystem::path& file, std::function<void()> news)
    : database_{database::open(file)}, news_{std::move(news)}, thread_{[this] { work(); }}
{
}

recorder::~recorder()
{
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    more_.notify_one();
    thread_.join();
}

std::uint64_t recorder::write(row what)
{
    std::unique_lock lock{mutex_};
    moved_.wait(lock, [&] { return waiting_.size() < waiting_max || problem_; });
    if (problem_)
        std::rethrow_exception(problem_);
    waiting_.push_back(std::move(what));
    const auto number = ++written_;
    lock.unlock();
    more_.notify_one();
    return number;
}

std::uint64_t recorder::kept() const
{
    const std::lock_guard lock{mutex_};
    if (problem_)
        std::rethrow_exception(problem_);
    return kept_;
}

void recorder::flush()
{
    std::unique_lock lock{mutex_};
    moved_.wait(lock, [&] { return kept_ == written_ || problem_; });
    if (problem_)
        std::rethrow_exception(problem_);
}

void recorder::work()
{
    std::unique_lock lock{mutex_};
    while (!problem_) {
        more_.wait(lock, [&] { return !waiting_.empty() || over_; });
        if (waiting_.empty())
            return;
        const auto batch = std::exchange(waiting_, {});
        lock.unlock();
        const auto problem = write_all(batch);
        lock.lock();
        problem_ = problem;
        if (!problem)
            kept_ += batch.size();
        moved_.notify_one();
        lock.unlock();
        news_();
        lock.lock();
    }
}

std::exception_ptr recorder::write_all(const std::vector<row>& batch)
{
    try {
        database_.together([&] {
            for (const auto& each : batch)
                each(database_);
        });
        return {};
    } catch (...) {  // whoever records hears of it
        return std::current_exception();
    }
}

}  // namespace deadair::store
