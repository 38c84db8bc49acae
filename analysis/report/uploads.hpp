#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/report/dead_transfers.hpp"
#include "analysis/store/store.hpp"

/// Uploads, downloads, and what a dead binding does to a writer, as text and JSON.
namespace deadair::report {

/// What was tried on connections that nothing had forgotten.
struct living {
    std::size_t tried{};
    std::size_t completed{};
    std::uint64_t largest{};        ///< in bytes, of those that completed; goodput is of these
    std::optional<double> slowest;  ///< bytes a second; none: all too short to time
    std::optional<double> fastest;
    nanoseconds longest_stall{};
};
living living_of(std::span<const store::upload> uploads);
/// "34.2 MB to 73.6 MB/s", "too short to time"
std::string goodput_text(const living& of);

/// In a sentence or two: how they fared on living connections, and what a dead one did.
std::string uploads_answer(std::span<const store::upload> uploads);
/// One row for each transfer.
text_table uploads_table(std::span<const store::upload> uploads);
std::string uploads_text(std::span<const store::upload> uploads);
/// How each kind of write on a dead binding was noticed; empty if none was made.
std::string dead_writes_text(std::span<const store::upload> uploads);
/// "tls upload 500 kB after 23 s of silence: stalled"
std::string upload_line(const store::upload& one);
/// An array with one object a row of the table `uploads`.
std::string uploads_json(std::span<const store::upload> uploads);

}  // namespace deadair::report
