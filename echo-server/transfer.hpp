#pragma once

#include <cstdint>
#include <optional>

#include "echo-server/transport/bulk_sender.hpp"
#include "echo-server/wire/messages.hpp"

namespace deadair::echo_server {

/// One upload or download on a probe connection, while it lasts. An upload is counted and thrown
/// away.
class transfer {
public:
    explicit transfer(const wire::upload& wanted) : number_{wanted.transfer}, size_{wanted.size} {}
    explicit transfer(const wire::download& wanted)
        : number_{wanted.transfer}, size_{wanted.size}, out_{wanted.size}
    {
    }

    bool is_upload() const { return !out_; }
    /// @return false if more came than was announced.
    bool take(std::uint64_t bytes, nanoseconds now);
    /// @return true when all was handed to the kernel.
    bool send(net::channel& over, nanoseconds now);
    bool complete() const { return done_ == size_; }
    wire::transferred report(wire::transfer_end how, std::uint32_t connection,
                             const wire::socket_facts& last) const;

private:
    void moved(nanoseconds now);

    std::uint32_t number_;
    std::uint64_t size_;
    std::uint64_t done_{};
    nanoseconds began_{};
    nanoseconds at_{};
    std::optional<net::bulk_sender> out_;
};

}  // namespace deadair::echo_server
