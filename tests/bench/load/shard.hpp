#pragma once

#include <cstdint>

#include "tests/bench/lateness.hpp"
#include "tests/bench/load/options.hpp"

namespace deadair::load {

/// What a shard says after each step, as it is: both ends are the same program.
struct shard_report {
    bool ok{};
    std::int64_t memory_kib{};  ///< of its own since before the first connection
    std::int64_t cpu_ns{};      ///< since then
    std::uint64_t probed{};
    std::uint64_t answered{};
    bench::lateness probes;
    bench::lateness bare;
    bench::lateness answers;  ///< from asking to hearing
};

enum class order : char { open = 'o', probe = 'p' };

/// One process's share of the load. Obeys the orders that come over the socket, reports after
/// each, and ends when the socket is closed.
/// @param first  index of the first of its sessions; each has its own source address.
void run_shard(int parent, const options& wanted, std::size_t first, std::size_t connections);

}  // namespace deadair::load
