#pragma once

#include <cstdint>

#include "analysis/capture/silence.hpp"
#include "analysis/store/rows.hpp"

/// What is written down of connections that others made.
namespace deadair::capture {

struct row_numbers {
    store::run_id run{};
    std::uint32_t connection{};
    std::uint32_t probe{};
};

/// The packet that ended a silence, as if it had been a probe.
/// @param start  of the run, by the clock of `seen`
store::probe row_of(const silence& seen, const row_numbers& numbers, nanoseconds start);

/// Whether a silence was survived, in the row of its connection.
void add(const silence& seen, store::connection_end& to);

}  // namespace deadair::capture
