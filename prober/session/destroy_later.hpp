#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>

namespace deadair::prober {

/// Destroys it from the loop: it may be in the middle of a call of its own, or have posted
/// something that must still find it.
template <class What>
void destroy_later(boost::asio::io_context& io, std::unique_ptr<What> what)
{
    if (what)
        boost::asio::post(io, [kept = std::shared_ptr<What>(std::move(what))] {});
}

}  // namespace deadair::prober
