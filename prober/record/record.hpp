#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "analysis/store/recorder.hpp"

namespace deadair::prober {

/// What to do with a file that cannot be written.
struct patience {
    std::chrono::seconds at_most{std::chrono::minutes{10}};  ///< then it has failed
    std::size_t rows_max{100'000};                           ///< that wait
    bool may_leave_out{};  ///< more rows than that are not written; else it has failed
};
/// Of one that must not end: rather a gap in the rows than an end to it.
inline constexpr patience endless{.at_most = std::chrono::hours{24 * 366 * 10},
                                  .may_leave_out = true};

/// The way to disk of every command: what it is given is written in order, on a thread of its own,
/// and `when_kept` tells when it is there. While the file cannot be written (another program's
/// lock, a full disk) all of it waits, once somebody was told. What failed for good is thrown out
/// of the loop as store::store_error. Used from the loop's thread alone.
class record {
public:
    /// For people.
    struct listeners {
        std::function<void(const std::string&)> failing;      ///< once, until it works again
        std::function<void(const std::string&)> works_again;  ///< may be empty
    };

    /// @param io    the loop; outlives it
    /// @param file  a database that was opened before
    record(boost::asio::io_context& io, const std::filesystem::path& file, listeners tell,
           patience how);
    /// Writes what waits, if it can.
    ~record();

    /// Anything that must not be left out. @return its number
    std::uint64_t write(store::recorder::row what);
    /// A row of many. @throws store::store_error when more wait than may
    void add(store::recorder::row what);
    /// The file cannot be written now.
    bool failing() const { return failing_; }
    /// Rows that are not on disk.
    std::size_t waiting() const { return recorder_.waiting(); }
    bool kept(std::uint64_t number) const { return recorder_.kept() >= number; }
    /// Calls `then` when all that was written down before is on disk, perhaps at once; in order.
    void when_kept(std::function<void()> then);
    /// Has something read from the database, or worked out of it, behind all that was written down
    /// before. A database that cannot answer makes `failed` be called instead of `then`.
    template <class Answer>
    void ask(std::function<Answer(store::database&)> what, std::function<void(Answer)> then,
             std::function<void(const std::string&)> failed);
    /// Waits until all is on disk; not for a loop that runs. @throws store::store_error
    void finish();

private:
    void look();
    void tell_of_trouble();

    boost::asio::io_context& io_;
    listeners tell_;
    patience how_;
    std::size_t left_out_{};
    bool failing_{};
    std::deque<std::pair<std::uint64_t, std::function<void()>>> awaited_;  // with the row before it
    std::uint64_t last_{};                                                 // row that was written
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
        waits_;                     // somebody does, so the loop must not end
    std::shared_ptr<record> self_;  // what the loop was told comes to nothing when it is gone
    store::recorder recorder_;
};

template <class Answer>
void record::ask(std::function<Answer(store::database&)> what, std::function<void(Answer)> then,
                 std::function<void(const std::string&)> failed)
{
    struct answered {
        std::optional<Answer> answer;
        std::string problem;
    };
    const auto found = std::make_shared<answered>();
    write([what = std::move(what), found](store::database& from) {
        try {
            found->answer = what(from);
        } catch (const store::store_error& problem) {
            if (problem.passing())
                throw;
            found->problem = problem.what();
        }
    });
    when_kept([found, then = std::move(then), failed = std::move(failed)] {
        if (found->answer)
            then(std::move(*found->answer));
        else
            failed(found->problem);
    });
}

}  // namespace deadair::prober
