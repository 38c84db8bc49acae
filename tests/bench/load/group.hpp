#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "prober/session/target.hpp"
#include "tests/bench/load/options.hpp"

namespace deadair::load {

/// Some connections from one source address, opened a few at a time, then silent.
class group {
public:
    virtual ~group() = default;
    /// Calls `opened` when all are open. @throws std::runtime_error, from the loop, if one fails.
    virtual void open(std::function<void()> opened) = 0;
    /// Makes the connection with this index (0 to size-1) carry a message.
    virtual void probe(std::size_t index) = 0;
    /// Messages that arrived.
    std::uint64_t answered() const { return answered_; }
    /// How long after they were asked for, where that is known.
    const std::vector<std::int64_t>& answer_times_ns() const { return answer_times_ns_; }

protected:
    std::uint64_t answered_{};
    std::vector<std::int64_t> answer_times_ns_;
};

/// Opening at a time: below what a server lets in from one address unproven.
inline constexpr std::size_t opening_max = 32;

/// A prober's session on a deadair server, made of the prober's own parts. Probes go in both
/// directions by turns.
std::unique_ptr<group> make_session(boost::asio::io_context& io, const prober::target& server,
                                    const options& wanted, std::size_t size);
/// Connections to a server of another make that sends back what it gets.
std::unique_ptr<group> make_echoes(boost::asio::io_context& io, const prober::target& server,
                                   const options& wanted, std::size_t size);

}  // namespace deadair::load
