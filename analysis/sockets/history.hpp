#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/capture/silence.hpp"
#include "analysis/sockets/change.hpp"
#include "analysis/sockets/sample.hpp"

namespace deadair::sockets {

/// A silence, and what the kernel of one end tells of it beyond what a capture does.
struct ended_silence {
    capture::silence what;
    /// Of one that was lost or reset: after so long the program, or the kernel for it, gave up.
    std::optional<nanoseconds> noticed_after{};
    bool by_program{};       ///< it closed the connection; else the kernel gave up
    bool closed_by_other{};  ///< the other end, or what stands for it, closed it
    bool stall{};  ///< there was no silence: what was sent on a busy connection got no answer
};

/// One connection of this host, from samples that are a second or so apart: which silences it had,
/// and what became of the packet that ended each. Pure.
class history {
public:
    struct limits {
        nanoseconds silence_min{std::chrono::seconds{1}};
        /// As for captures: no answer to so many packets, over so long.
        std::uint32_t unanswered_min{4};
        nanoseconds lost_after{std::chrono::seconds{3}};
    };

    /// @param listens  this end is the server
    history(const sample& first, const limits& what, bool listens);

    /// @param elsewhere_heard  when another connection last heard the same host, if one did
    void on(sample now, std::optional<nanoseconds> elsewhere_heard);
    /// The socket is no more.
    /// @param last  its figures as it went, where they are known
    /// @param gone  by then the kernel had ended the connection
    void end(const std::optional<sample>& last, nanoseconds gone,
             std::optional<nanoseconds> elsewhere_heard);
    /// The host slept: nobody can vouch for the silence that goes on.
    void slept();

    const sample& last() const { return last_; }
    bool listens() const { return listens_; }
    /// What was sent last waits for an answer since then.
    std::optional<nanoseconds> unanswered_since() const;
    /// Silences that ended since this was asked, in order.
    std::vector<ended_silence> take();

private:
    struct pending {
        ended_silence of;
        span first;
        std::uint64_t acknowledged_before{};
        std::uint32_t retransmitted_before{};
        bool other_spoke{};
        std::optional<nanoseconds> elsewhere{};  // another connection heard that host since
        bool sent_since{};                       // and this end sent something after that
        bool vouched{};                          // which got no answer either
        bool refused{};                          // what came last was a reset, if it is over
    };

    void begin(const sample& now, const change& what);
    void follow(const sample& now, const change& what, std::optional<nanoseconds> elsewhere_heard);
    void noticed(nanoseconds at);
    void answer(const sample& now, const change& what);
    void give_up(nanoseconds at);
    void other_ended(const opening& how, nanoseconds at, const char* doubt);
    void settle(outcome result, nanoseconds at, const char* doubt = "");
    capture::silence silence_of(const opening& how) const;
    direction way_of(speaker by) const;

    limits limits_;
    bool listens_{};
    sample last_;
    span quiet_;         // since then
    std::string doubt_;  // nobody can vouch for the silence that goes on; empty: one can
    bool other_closed_{};
    std::optional<pending> asked_;
    std::vector<ended_silence> ended_;
};

}  // namespace deadair::sockets
