#pragma once

#include <string>

#include "analysis/store/hops.hpp"

/// Which box on the way forgets, as text and JSON.
namespace deadair::report {

/// "the box at hop 2 (203.0.113.2)"; "something that does not show itself between hops 1 and 2"
std::string place_in_words(const store::box& one, const store::hops_found& all);
/// "8 s"; "13.8 s to 14.6 s"
std::string timeout_in_words(const store::box& one);
/// In a sentence or two: which, where and after what time; or why that cannot be told. Empty when
/// nobody asked.
std::string hops_answer(const store::hops_found& all);
/// What the control path adds; empty without one.
std::string control_answer(const store::hops_found& all);
/// The way hop by hop, with what forgets beside it, then the answer and its limits.
std::string hops_text(const store::hops_found& all, std::size_t width);
/// An object; `null` when nobody asked.
std::string hops_json(const store::hops_found& all);

}  // namespace deadair::report
