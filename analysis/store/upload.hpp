#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/path/limits.hpp"
#include "analysis/recommend/recommend.hpp"
#include "analysis/words/duration.hpp"
#include "analysis/words/transfers.hpp"
#include "analysis/words/words.hpp"

namespace deadair::store {

using run_id = std::int64_t;

/// One upload or download and what became of it; the table `uploads` says what each field means.
struct upload {
    run_id run{};
    std::uint32_t upload_id{};  ///< unique within the run
    path on;
    std::uint16_t local_port{};
    transfer_direction way{};
    std::uint64_t size_bytes{};
    idle_spell spell{};
    std::optional<nanoseconds> idle_timeout;
    nanoseconds idle_before{};
    write_guard guard{};
    std::optional<nanoseconds> guard_after;
    nanoseconds started{};
    nanoseconds total{};
    std::uint64_t moved_bytes{};
    std::optional<double> goodput_bytes_per_s;  ///< none: nothing moved, or too soon to be timed
    nanoseconds longest_stall{};
    std::optional<std::int64_t> sent_bytes;
    std::optional<double> retransmitted_share;  ///< 0 to 1
    std::optional<nanoseconds> rtt;
    std::optional<nanoseconds> rtt_variation;
    std::optional<nanoseconds> rto;
    transfer_outcome result{};
    std::string void_reason;  ///< empty unless void
    std::optional<nanoseconds> accepted;
    std::optional<nanoseconds> noticed;
    std::string noticed_by;  ///< "kernel", "socket_timeout" or empty
    std::optional<nanoseconds> kernel_gives_up;
};

/// The kernel's figures at one moment of a transfer.
struct upload_progress {
    nanoseconds at{};  ///< since the run's start
    std::uint64_t moved_bytes{};
    std::uint64_t unsent_bytes{};
    std::uint64_t sent_bytes{};
    std::uint64_t retransmitted_bytes{};
    std::uint32_t congestion_window_segments{};
    nanoseconds rtt{};
    nanoseconds rtt_variation{};  ///< not stored
    nanoseconds rto{};
    nanoseconds busy{};
    nanoseconds receiver_limited{};
    nanoseconds buffer_limited{};
};

/// Those on connections that nothing had forgotten, and that somebody can vouch for.
std::vector<path_limits::transfer> transfers_of(std::span<const upload> uploads);

/// What these uploads say of the path, if any was completed on a living binding.
/// @param packet_loss  to believe where they were too small to tell
std::optional<recommend::write_conditions> conditions_of_writes(std::span<const upload> uploads,
                                                                double packet_loss);

}  // namespace deadair::store
