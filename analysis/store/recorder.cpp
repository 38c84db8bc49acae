#include "analysis/store/recorder.hpp"

#include <utility>

#include "analysis/store/handle.hpp"

namespace deadair::store {

namespace {

using namespace std::chrono_literals;

constexpr auto try_again_after = 1s;

// Empty when it does not go by.
std::string passing_trouble(const std::exception_ptr& problem)
{
    try {
        std::rethrow_exception(problem);
    } catch (const store_error& one) {
        return one.passing() ? one.happened() : "";
    } catch (...) {
        return "";
    }
}

}  // namespace

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

recorder::recorder(const std::filesystem::path& file, std::chrono::seconds patience,
                   std::function<void()> news)
    : database_{database::open(file)}, patience_{patience}, news_{std::move(news)}, thread_{[this] {
          work();
      }}
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

std::size_t recorder::waiting() const
{
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(written_ - kept_);
}

std::string recorder::trouble() const
{
    const std::lock_guard lock{mutex_};
    return trouble_;
}

bool recorder::flush(std::chrono::milliseconds at_most)
{
    std::unique_lock lock{mutex_};
    const bool settled =
        moved_.wait_for(lock, at_most, [&] { return kept_ == written_ || problem_; });
    if (problem_)
        std::rethrow_exception(problem_);
    return settled;
}

void recorder::work()
{
    std::unique_lock lock{mutex_};
    std::vector<row> batch;
    while (!problem_) {
        more_.wait(lock, [&] { return !batch.empty() || !waiting_.empty() || over_; });
        if (batch.empty())
            batch = std::exchange(waiting_, {});
        if (batch.empty())
            return;
        lock.unlock();
        const auto problem = write_all(batch);
        lock.lock();
        if (!problem) {
            kept_ += std::exchange(batch, {}).size();
            trouble_.clear();
        } else if (!try_again(problem, lock)) {
            problem_ = problem;
        }
        moved_.notify_one();
        lock.unlock();
        news_();
        lock.lock();
    }
}

// After a while in which the file may have become writable again.
bool recorder::try_again(const std::exception_ptr& problem, std::unique_lock<std::mutex>& lock)
{
    const auto now = std::chrono::steady_clock::now();
    const auto why = passing_trouble(problem);
    if (why.empty() || over_)
        return false;
    if (std::exchange(trouble_, why).empty())
        trouble_since_ = now;
    else if (now - trouble_since_ >= patience_)
        return false;
    lock.unlock();
    news_();
    lock.lock();
    more_.wait_for(lock, try_again_after, [&] { return over_; });
    return true;
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
