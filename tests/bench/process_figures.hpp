#pragma once

#include <cstdint>

namespace deadair::bench {

/// What a process has cost so far, all its threads together (proc(5)).
struct process_figures {
    std::int64_t memory_kib{};  ///< resident memory of its own: RssAnon
    std::int64_t cpu_ns{};      ///< on a processor: schedstat
    std::int64_t wake_ups{};    ///< times it was put on a processor: schedstat
};

/// @param pid  0: this process.
/// @throws std::runtime_error if there is no such process.
process_figures figures_of(int pid);

}  // namespace deadair::bench
