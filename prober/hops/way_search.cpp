#include "prober/hops/way_search.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "prober/evidence/way.hpp"
#include "prober/hops/measurement.hpp"

namespace deadair::prober::hops {

way_search::way_search(boost::asio::io_context& io, const evidence::peer& to,
                       std::function<void(const way&)> then)
    : then_{std::make_shared<std::function<void(const way&)>>(std::move(then))}
{
    // The loop does not end while the answer is awaited.
    auto work = boost::asio::make_work_guard(io);
    thread_ = std::thread{[this, to, whom = std::weak_ptr{then_}, work = std::move(work)] {
        auto found = rows_of(evidence::way_to(to, [this] { return go_on_.load(); }), to);
        boost::asio::post(work.get_executor(), [whom, found = std::move(found)] {
            // Held: what is called may destroy this.
            if (const auto still = whom.lock())
                (*still)(found);
        });
    }};
}

way_search::~way_search()
{
    go_on_ = false;
    thread_.join();
}

}  // namespace deadair::prober::hops
