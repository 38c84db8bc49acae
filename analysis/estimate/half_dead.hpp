#pragma once

#include <map>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether a connection goes on one way only: what is said that way still arrives, and no
/// acknowledgement of it comes back. Pure.
namespace deadair::estimate {

/// The directions that go on so, each with the idle age by which the other one is gone.
using half_dead = std::map<direction, nanoseconds>;

/// @param found   of strata without refresh
/// @param silent  what was observed of them
half_dead half_dead_of(std::span<const finding> found, std::span<const observation> silent);

/// Without what was observed on a connection after such a message: its sender repeats it.
std::vector<observation> until_half_dead(std::span<const observation> silent, const half_dead& of);

/// Says so where nothing expired.
void describe(std::span<finding> found, const half_dead& of);

}  // namespace deadair::estimate
