#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace deadair::echo_server {

/// Connections that have proven nothing yet: how many, from where, and until when each may try.
/// Knows no socket and no clock.
class strangers {
public:
    using serial = std::uint64_t;
    using time = std::chrono::steady_clock::time_point;

    strangers(std::size_t most, std::size_t most_from_one)
        : most_{most}, most_from_one_{most_from_one}
    {
    }

    /// As many as may be: one must go before another comes.
    bool full() const { return waiting_.size() >= most_; }
    /// As many from there as may be. An IPv6 host owns its whole /64 and counts as one address.
    bool full(const boost::asio::ip::address& from) const;

    /// Serials are given in rising order, and so are the deadlines.
    void add(serial number, const boost::asio::ip::address& from, time deadline);
    void remove(serial number);

    /// Who has had the most time, and until when it may still try.
    struct oldest_one {
        serial number{};
        time deadline{};
    };
    std::optional<oldest_one> oldest() const;
    std::size_t size() const { return waiting_.size(); }

private:
    using source = std::pair<bool, std::uint64_t>;  // IPv6?, address or prefix
    struct entry {
        source from;
        time deadline;
    };
    static source source_of(const boost::asio::ip::address& from);

    std::size_t most_;
    std::size_t most_from_one_;
    std::map<serial, entry> waiting_;
    std::map<source, std::size_t> from_;
};

}  // namespace deadair::echo_server
