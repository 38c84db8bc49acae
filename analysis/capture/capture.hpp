#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <utility>

#include "analysis/capture/conversation.hpp"

namespace deadair::capture {

/// The TCP connections of a capture, in the order of its packets. Holds those that are under way
/// alone, and a bounded number of them. Pure.
class capture {
public:
    struct limits {
        conversation::limits of_each;
        std::size_t open_max{200'000};  ///< the one that was silent for longest gives way
    };

    /// @param take  is given each connection that is over, or ended with the capture
    capture(const limits& what, std::function<void(const conversation&)> take);

    void on(const segment& seen);
    /// No packet follows.
    void finish();

    std::size_t segments() const { return segments_; }
    /// Connections that gave way before they were over.
    std::size_t given_up() const { return given_up_; }

private:
    using key = std::pair<endpoint, endpoint>;  // the smaller first
    using table = std::map<key, conversation>;

    void end(table::iterator which);
    void make_room();

    limits limits_;
    std::function<void(const conversation&)> take_;
    table open_;
    std::size_t segments_{};
    std::size_t given_up_{};
};

}  // namespace deadair::capture
