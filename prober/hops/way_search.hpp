#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "analysis/store/hops.hpp"
#include "prober/evidence/peer.hpp"

namespace deadair::prober::hops {

/// Asks the way to a server on a thread of its own: it waits for answers for seconds, and a loop
/// that holds connections must not.
class way_search {
public:
    using way = std::vector<store::hop>;

    /// @param then  called in the loop, once; not at all when this was destroyed before
    way_search(boost::asio::io_context& io, const evidence::peer& to,
               std::function<void(const way&)> then);
    /// Gives up, which takes a second at most.
    ~way_search();
    way_search(const way_search&) = delete;
    way_search& operator=(const way_search&) = delete;

private:
    std::atomic<bool> go_on_{true};
    std::shared_ptr<std::function<void(const way&)>> then_;
    std::thread thread_;
};

}  // namespace deadair::prober::hops
