#pragma once

#include <string>
#include <string_view>

#include "analysis/store/hops.hpp"

/// What became of the box that forgets first, whose timeout settings must reckon with.
namespace deadair::report {

/// Whether it is the same box: `same_box`, `another_box`, or `untold`.
std::string_view change_of_box(const store::hops_found& before, const store::hops_found& after);
/// Both name one, and it is another, or forgets after another time: what the intervals leave open
/// is no change.
bool box_changed(const store::hops_found& before, const store::hops_found& after);
/// Which box it was and is, and after what time, in a sentence; empty where neither was asked.
std::string hops_compared(const store::hops_found& before, const store::hops_found& after);

}  // namespace deadair::report
