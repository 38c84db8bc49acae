#include "prober/record/record.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <utility>

namespace deadair::prober {

namespace {

constexpr std::chrono::milliseconds look_every{200};

}  // namespace

record::record(boost::asio::io_context& io, const std::filesystem::path& file, listeners tell,
               patience how)
    : io_{io},
      tell_{std::move(tell)},
      how_{how},
      self_{this, [](record*) {}},
      recorder_{file, how.at_most, [&io, self = std::weak_ptr{self_}] {
                    boost::asio::post(io, [self] {
                        if (const auto here = self.lock())
                            here->look();
                    });
                }}
{
}

record::~record() = default;

std::uint64_t record::write(store::recorder::row what)
{
    last_ = recorder_.write(std::move(what));
    return last_;
}

void record::add(store::recorder::row what)
{
    if (recorder_.waiting() < how_.rows_max) {
        write(std::move(what));
        return;
    }
    if (!how_.may_leave_out)
        throw store::store_error(
            store::store_error::kind::failed,
            fmt::format("more than {} rows wait for the disk: {}", how_.rows_max,
                        failing_ ? recorder_.trouble() : "it is too slow"));
    ++left_out_;
}

void record::when_kept(std::function<void()> then)
{
    awaited_.emplace_back(last_, std::move(then));
    look();
}

void record::look()
{
    const auto kept = recorder_.kept();
    tell_of_trouble();
    while (!awaited_.empty() && awaited_.front().first <= kept) {
        const auto then = std::move(awaited_.front().second);
        awaited_.pop_front();
        then();
    }
    if (awaited_.empty())
        waits_.reset();
    else if (!waits_)
        waits_.emplace(io_.get_executor());
}

void record::tell_of_trouble()
{
    const auto trouble = recorder_.trouble();
    if (trouble.empty() == !failing_)
        return;
    failing_ = !trouble.empty();
    if (failing_)
        tell_.failing(fmt::format("{}; what is to be written waits, and is tried again", trouble));
    else if (tell_.works_again)
        tell_.works_again(fmt::format("the database can be written again; {} rows were left out",
                                      std::exchange(left_out_, 0)));
}

void record::finish()
{
    while (!recorder_.flush(look_every))
        tell_of_trouble();
    look();
}

}  // namespace deadair::prober
