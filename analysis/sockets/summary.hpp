#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/sockets/history.hpp"

namespace deadair::sockets {

/// Whether a program's connections have a TCP keepalive, as far as the kernel shows it.
struct keepalive_seen {
    bool on{};
    std::optional<nanoseconds> idle{};  ///< after so long a silence it comes; none: not known
};

/// What the silences of a group of connections come to: those of one program to one server.
class summary {
public:
    void add(const ended_silence& seen);
    void has(const keepalive_seen& keepalive) { keepalive_ = keepalive; }

    /// No silence of these has ended.
    bool empty() const { return silences() == 0; }
    std::size_t silences() const { return lived_.count + died_.count + closed_.count + doubtful_; }
    std::size_t lived() const { return lived_.count; }
    std::size_t died() const { return died_.count; }
    /// "silences up to 14 min 2 s lived (31), from 15 min 9 s died (4 of 4): the path forgets after
    /// 14 min 2 s to 15 min 9 s; the program has no keepalive"
    std::string sentence() const;

private:
    // The longest of them, in no order: the short ones of a service that runs for days say nothing.
    struct many {
        std::vector<nanoseconds> ages;
        std::size_t count{};

        void add(nanoseconds age);
        nanoseconds shortest() const;
        nanoseconds longest() const;
    };

    std::string of_the_path() const;

    many lived_;   // each at least so long
    many died_;    // each at most so long
    many closed_;  // by the other end
    std::size_t doubtful_{};
    std::size_t stalls_{};
    std::optional<keepalive_seen> keepalive_;
};

}  // namespace deadair::sockets
