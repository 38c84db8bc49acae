#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "prober/record/rows.hpp"

namespace deadair::prober {

/// Writes rows in order, and waits with them while the database cannot take them: a full disk,
/// another writer. What was written stays written.
class patient_store {
public:
    /// More than this do not wait; the oldest go.
    static constexpr std::size_t waiting_max = 100'000;

    /// For people. What they add waits, too.
    struct listeners {
        std::function<void(const std::string&)> failed;
        std::function<void(const std::string&)> works_again;
    };
    patient_store(store::database& into, listeners tell);

    void add(row what);
    /// Tries again with what waits. @return nothing waits any more
    bool flush();

    std::size_t waiting() const { return waiting_.size(); }
    std::uint64_t dropped() const { return dropped_; }

private:
    store::database& into_;
    listeners tell_;
    std::deque<row> waiting_;
    std::uint64_t dropped_{};
    bool failing_{};
};

}  // namespace deadair::prober
