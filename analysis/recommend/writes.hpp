#pragma once

#include <optional>
#include <string>

#include "analysis/recommend/recommend.hpp"

/// What to wait for when writing. Pure.
namespace deadair::recommend {

/// The retransmission timeout that a write meets: measured by uploads, or computed.
nanoseconds write_rto(const conditions& given);

/// How long a write may make no progress before it has failed: the k retransmissions that all
/// segments of the largest upload need but once in a million uploads, or an outage that is to be
/// survived; and twice the longest stall that a measured upload lived through, if that is more.
nanoseconds write_stall_max(const conditions& given);

/// The chance that an upload of the largest size, on a path that works, once makes no progress
/// for so long. An upper bound; losses are taken to be independent.
double false_abort_chance(nanoseconds no_progress, const conditions& given);

/// Second best, where a program knows no other: a deadline for the largest upload as a whole, by
/// the measured goodput and its scatter (lognormal; exceeded once in a million uploads), and never
/// below the stall that is allowed plus the transfer itself.
std::optional<nanoseconds> total_deadline(const conditions& given);

/// Why the write timeout is what it is, beside the 180 s that are usually set.
std::string write_timeout_reason(nanoseconds stall, const conditions& given);

}  // namespace deadair::recommend
