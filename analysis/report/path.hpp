#pragma once

#include <span>
#include <string>

#include "analysis/path/comparison.hpp"
#include "analysis/path/quality.hpp"
#include "analysis/store/store.hpp"

namespace deadair::report {

/// What a run's samples, probes and uploads say of its path.
path_quality::figures path_figures(std::span<const store::path_sample> samples,
                                   std::span<const store::probe> probes,
                                   std::span<const store::upload> uploads);

/// How the path treated connections of ours that were alive.
path_quality::quality path_seen(std::span<const store::path_sample> samples,
                                std::span<const store::upload> uploads);

/// What became of TCP's segments on connections of ours that are alive, in a sentence without its
/// full stop.
std::string path_answer(std::span<const store::path_sample> samples,
                        std::span<const store::upload> uploads);

}  // namespace deadair::report
