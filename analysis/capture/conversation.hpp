#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/capture/segment.hpp"
#include "analysis/capture/silence.hpp"

namespace deadair::capture {

/// Segments above a size that do not pass.
struct oversize {
    direction way{};
    std::uint32_t passed{};   ///< bytes of the largest segment that was acknowledged
    std::uint32_t stalled{};  ///< of the one that was sent again and again
};

/// One TCP connection as a capture shows it: which silences it had, and what became of the packet
/// that ended each. Pure.
class conversation {
public:
    struct limits {
        nanoseconds silence_min{std::chrono::seconds{1}};
        /// No answer to so many packets, over so long: lost. A path of 1 % loss does that once in
        /// 10^8 times.
        std::uint32_t unanswered_min{4};
        nanoseconds lost_after{std::chrono::seconds{3}};
    };

    /// @param first  of the connection; a SYN, unless the capture began later
    conversation(const segment& first, const limits& what);

    void on(const segment& seen);
    /// The capture is over, or the same addresses and ports are used again.
    void finish();

    const endpoint& client() const { return client_; }
    const endpoint& server() const { return server_; }
    transport kind() const { return kind_; }
    nanoseconds first_at() const { return first_at_; }
    nanoseconds last_at() const { return last_at_; }
    /// No handshake was seen: who is the client is a guess from the ports.
    bool begun_before() const { return begun_before_; }
    /// Both ends have closed it, or one has reset it.
    bool over() const { return over_; }
    /// An end that closes or resets the connection itself decided so: that is void.
    const std::vector<silence>& silences() const { return silences_; }
    std::vector<silence>& silences() { return silences_; }
    /// Bytes of the largest segment that was acknowledged; 0: none was.
    std::uint32_t passed(direction way) const
    {
        return sides_[way == direction::to_server ? 0 : 1].passed;
    }
    /// Segments that found no answer although smaller ones had, with no silence before them: what
    /// else they may be is too large for the path (an MTU hole).
    const std::optional<oversize>& stalled() const { return stalled_; }

private:
    // The largest segment that is not acknowledged yet.
    struct large_one {
        std::uint32_t payload{};
        std::uint32_t end{};
        std::uint32_t times{};
        nanoseconds first_sent{};
        nanoseconds last_sent{};
    };
    struct side {
        std::optional<std::uint32_t> next;  // sequence number that it sends next
        std::optional<std::uint8_t> ttl;    // of its handshake, or of its first packet
        std::uint16_t window{1};            // as it last announced it
        bool fin{};
        std::uint32_t passed{};  // bytes of its largest segment that was acknowledged
        large_one under_way;
    };
    struct pending {
        silence of;
        std::uint32_t end{};  // acknowledged by this: answered
        bool other_spoke{};
        nanoseconds last_sent{};
    };

    side& of(direction way) { return sides_[way == direction::to_server ? 0 : 1]; }
    void answer(const segment& seen, direction way);
    void repeat(const segment& seen);
    void break_silence(const segment& seen, direction way, nanoseconds age);
    void end(const segment& seen, direction way, nanoseconds age);
    void learn(const segment& seen, direction way);
    bool is_keepalive(const segment& seen, direction way);
    std::string doubt_of_reset(const std::string& sent_by, direction way);
    std::string origin(const segment& reset, direction way);
    void weigh(const segment& seen, direction way);
    void judge_stalls();
    void settle(outcome result, nanoseconds at, const std::string& doubt = {});
    void give_up(nanoseconds at);

    limits limits_;
    endpoint client_;
    endpoint server_;
    transport kind_{transport::tcp};
    nanoseconds first_at_{};
    nanoseconds last_at_{};
    std::optional<nanoseconds> round_trip_;  // of the handshake
    bool begun_before_{};
    bool over_{};
    bool kind_known_{};
    std::array<side, 2> sides_;
    std::optional<pending> asked_;
    std::vector<silence> silences_;
    std::optional<oversize> stalled_;
};

}  // namespace deadair::capture
