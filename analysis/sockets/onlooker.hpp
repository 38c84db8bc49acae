#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "analysis/sockets/history.hpp"

namespace deadair::sockets {

/// Who a connection is of.
struct identity {
    std::uint64_t cookie{};
    endpoint local{};
    endpoint remote{};
    bool listens{};      ///< this end is the server
    nanoseconds seen{};  ///< first, since the observation's start
    bool begun_before{};

    const endpoint& server() const { return listens ? local : remote; }
    const endpoint& client() const { return listens ? remote : local; }
};

/// A silence of one of them.
struct told {
    identity whose;
    ended_silence what;
};

/// All connections of this host that leave it, look after look. Pure.
class onlooker {
public:
    struct limits {
        history::limits of_each;
        std::size_t open_max{100'000};  ///< more are not followed
        /// So long a program may hold a connection that the kernel has ended: until it lets go,
        /// nobody tells how it ended.
        nanoseconds held_max{std::chrono::minutes{10}};
    };

    explicit onlooker(const limits& what) : limits_{what} {}

    /// Ports on which this host listens: there it is the server of connections that are new.
    void listening(std::span<const std::uint16_t> ports)
    {
        listening_ = {ports.begin(), ports.end()};
    }
    /// All connections that there are.
    void look(std::span<const sample> all, nanoseconds at);
    /// The kernel tells of the end of one.
    void over(const sample& last);
    void slept();
    /// The observation ends.
    void finish(nanoseconds at);

    std::size_t followed() const { return open_.size(); }
    std::size_t left_out() const { return left_out_; }  ///< at the last look
    /// Those whose last words got no answer for so long by now.
    std::size_t unanswered(nanoseconds now, nanoseconds for_so_long) const;
    /// Silences that ended since this was asked.
    std::vector<told> take();
    /// Connections that are no more, since this was asked.
    std::vector<std::uint64_t> take_gone();

private:
    struct followed_one {
        identity who;
        history of;
        std::uint64_t look{};               // in which it was there
        std::optional<nanoseconds> gone{};  // since then it was not
    };
    using address = std::array<std::uint8_t, 17>;  // with the family
    using table = std::unordered_map<std::uint64_t, followed_one>;

    void meet(const sample& first);
    void hear(const sample& of);
    std::optional<nanoseconds> heard(const sample& of) const;
    void collect(followed_one& from);
    void miss(nanoseconds at);
    table::iterator end(table::iterator which, const std::optional<sample>& last, nanoseconds at);

    limits limits_;
    table open_;
    std::map<address, nanoseconds> heard_;
    std::set<std::uint16_t> listening_;
    std::uint64_t looks_{};
    std::size_t left_out_{};
    std::vector<told> told_;
    std::vector<std::uint64_t> gone_;
};

}  // namespace deadair::sockets
